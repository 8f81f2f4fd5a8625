//go:build !ime || !linux || ci

package main

// followCaret does nothing where the input method cannot be told of the caret.
func followCaret() {}
