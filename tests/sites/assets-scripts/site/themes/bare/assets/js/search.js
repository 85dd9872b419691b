const name = `search ${ 1 + 1 }`
console.log(name)
