//go:build !ci

package main

import "github.com/go-gl/glfw/v3.4/glfw"

// plainCanvas asks for windows without depth and stencil: nothing here uses
// them, and where the processor draws they are cleared for every picture. It
// follows the toolkit's start and precedes the first window that is shown.
func plainCanvas() {
	glfw.WindowHint(glfw.DepthBits, 0)
	glfw.WindowHint(glfw.StencilBits, 0)
}
