//go:build race

package paper

// raced says that the race detector looks on. It makes pictures ten times as dear and has nothing to see in them.
const raced = true
