const name = 4 / 2;
