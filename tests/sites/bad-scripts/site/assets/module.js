import "./fine.js";
import "./ring.js";
import "./fin.js";
