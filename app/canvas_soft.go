//go:build ci

package main

// plainCanvas has nothing to ask where there is no window.
func plainCanvas() {}
