/*! (c) A */
const name = /[/"]/u;
