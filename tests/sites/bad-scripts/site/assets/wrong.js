const a = "نص;
f(]
