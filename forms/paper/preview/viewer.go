// Package preview draws the pages of a PDF file as pictures and reads their
// text, for the screen and for checks. The renderer is PDFium as a WebAssembly
// module: whatever a file does to it stays inside the module's own memory.
//
// It refuses to write or change a PDF, to run what a file carries (scripts,
// links, attachments), to ask for passwords, and to read fonts of the machine:
// a file that does not carry its Chinese faces shows gaps.
package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The limits of what is opened and drawn.
const (
	maxBytes  = 64 << 20 // of one file
	maxPages  = 2000     // of one file
	maxPixels = 25 << 20 // of one page, 100 MB: A3 at 300 dpi is 17 million
	// turnTime ends a page that never finishes: a crafted pattern or form can
	// take hours. An honest page takes tens of milliseconds.
	turnTime = 30 * time.Second
	// keepMemory is what the module may hold when a document closes. Its
	// memory never shrinks, so above this it is given up and started anew.
	keepMemory = 128 << 20
)

// Viewer opens PDF files. It may be used from several goroutines; they take
// turns, because PDFium does one thing at a time.
type Viewer struct {
	wasm     func() ([]byte, error)
	cacheDir string

	mu     sync.Mutex
	engine *engine  // nil before the first use and after Close
	lib    *library // nil before the first use and after a trap
	closed bool
}

// New returns a viewer that starts on first use with the module wasm returns.
// Translating the module to machine code takes seconds; the result is kept in
// a subfolder of cacheDir, or nowhere when cacheDir is "".
func New(wasm func() ([]byte, error), cacheDir string) *Viewer {
	return &Viewer{wasm: wasm, cacheDir: cacheDir}
}

// Open reads a PDF file. The document keeps pdf, so its bytes must not change
// until the document is closed. A file that is too large, no PDF, encrypted or
// damaged is an error with one sentence about it; a cancelled ctx is ctx.Err().
func (v *Viewer) Open(ctx context.Context, pdf []byte) (*Document, error) {
	if len(pdf) > maxBytes {
		return nil, fmt.Errorf("PDF文件有%dMB，超过%dMB，请拆分后再打开", len(pdf)>>20, maxBytes>>20)
	}
	// Readers accept anything before the header within the first kilobyte
	// (ISO 32000-1 annex H, note 13).
	if !bytes.Contains(pdf[:min(len(pdf), 1024)], []byte("%PDF-")) {
		return nil, errors.New("这不是PDF文件，请选择扩展名为pdf的文件")
	}
	d := &Document{viewer: v, pdf: pdf}
	err := v.turn(ctx, func(s *session) error {
		if err := d.load(s); err != nil {
			return err
		}
		return d.measure(s)
	})
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Close frees the renderer. Documents still open answer with an error.
func (v *Viewer) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	v.lib = nil
	if v.engine == nil {
		return nil
	}
	e := v.engine
	v.engine = nil
	return e.close()
}

// turn runs do with the renderer to itself. After a trap, a cancelled ctx or a
// turn without end the instance is given up; the next turn has a new one and
// documents load themselves into it again.
func (v *Viewer) turn(ctx context.Context, do func(*session) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := v.start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	s := &session{ctx: limited, lib: v.lib}
	err := s.run(do)
	if s.trap == nil {
		return err
	}
	v.drop()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return fmt.Errorf("这一页太复杂，%d秒内没有画完，请用其他程序查看", int(turnTime.Seconds()))
	}
	return fmt.Errorf("PDF文件里有无法处理的内容，请用其他程序查看：%w", s.trap)
}

// start makes sure that an instance is there.
func (v *Viewer) start(ctx context.Context) error {
	if v.closed {
		return errors.New("PDF显示组件已经关闭，请重新打开程序")
	}
	if v.engine == nil {
		code, err := v.wasm()
		if err != nil {
			return fmt.Errorf("PDF显示组件读不出来，请重新安装程序：%w", err)
		}
		if v.engine, err = newEngine(ctx, code, v.cacheDir); err != nil {
			return fmt.Errorf("PDF显示组件启动失败，请重新安装程序：%w", err)
		}
	}
	if v.lib == nil {
		lib, err := v.engine.newLibrary(ctx)
		if err != nil {
			return fmt.Errorf("PDF显示组件启动失败，请关闭其他程序后再试：%w", err)
		}
		v.lib = lib
	}
	return nil
}

// drop gives the instance up.
func (v *Viewer) drop() {
	v.lib.close()
	v.lib = nil
}

// release frees a document that was loaded into lib, and the instance with it
// when a large file has left it large.
// The caller holds the lock.
func (v *Viewer) release(lib *library, free func(*session)) {
	if lib == nil || lib != v.lib {
		return // its memory went with its instance
	}
	s := &session{ctx: context.Background(), lib: lib}
	s.run(func(s *session) error { free(s); return nil })
	if s.trap != nil || lib.memorySize() > keepMemory {
		v.drop()
	}
}
