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
	// turnTime is how long a page may take: a crafted pattern or form can take
	// hours. An honest page takes tens of milliseconds.
	turnTime = 30 * time.Second
	// maxStrays is how many instances may be left at such a page at once.
	maxStrays = 2
	// keepMemory is what the module may hold when a document closes. Its
	// memory never shrinks, so above this it is given up and started anew.
	keepMemory = 128 << 20
)

// Viewer opens PDF files. It may be used from several goroutines; they take
// turns, because PDFium does one thing at a time.
type Viewer struct {
	wasm     func() ([]byte, error)
	cacheDir string
	patience time.Duration // for one turn

	mu      sync.Mutex
	engine  *engine  // nil before the first use and after Close
	lib     *library // nil before the first use and after a trap
	careful bool     // a page ran away: from then on the machine code can be stopped
	strays  int      // instances that have not come back from their turn
	closed  bool
}

// New returns a viewer that starts on first use with the module wasm returns.
// Translating the module to machine code takes seconds; the result is kept in
// a subfolder of cacheDir, or nowhere when cacheDir is "".
func New(wasm func() ([]byte, error), cacheDir string) *Viewer {
	return &Viewer{wasm: wasm, cacheDir: cacheDir, patience: turnTime}
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
	sizes, err := turn(ctx, v, func(s *session) ([]size, error) {
		handle, err := d.load(s)
		if err != nil {
			return nil, err
		}
		return measure(s, handle)
	})
	if err != nil {
		d.Close()
		return nil, err
	}
	d.sizes = sizes
	return d, nil
}

// Close frees the renderer. Documents still open answer with an error.
func (v *Viewer) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	v.lib = nil
	return v.free()
}

// free gives the machine code back, unless an instance still runs in it.
func (v *Viewer) free() error {
	if v.engine == nil || v.engine.strays > 0 {
		return nil
	}
	e := v.engine
	v.engine = nil
	return e.close()
}

// start makes sure that an instance is there.
func (v *Viewer) start(ctx context.Context) error {
	if v.closed {
		return errors.New("PDF显示组件已经关闭，请重新打开程序")
	}
	if v.strays >= maxStrays {
		return errors.New("PDF显示组件被太复杂的文件占住了，请重新打开程序")
	}
	if v.engine == nil {
		code, err := v.wasm()
		if err != nil {
			return fmt.Errorf("PDF显示组件读不出来，请重新安装程序：%w", err)
		}
		if v.engine, err = newEngine(ctx, code, v.cacheDir, v.careful); err != nil {
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

// abandon leaves the instance to come back by itself: compiled code cannot be
// stopped, unless it is made to ask all the time, which makes each page three
// to seven times slower. After the first page that ran away that is the lesser
// evil, so that no number of such files takes the renderer away for good.
func (v *Viewer) abandon(back func()) {
	lib, e := v.lib, v.engine
	v.lib = nil
	v.strays++
	e.strays++
	if !v.careful {
		v.careful, v.engine = true, nil
	}
	go func() {
		back()
		lib.close()
		v.mu.Lock()
		defer v.mu.Unlock()
		v.strays--
		if e.strays--; e != v.engine && e.strays == 0 {
			e.close() // nobody is left to hear of an error
		}
		if v.closed {
			v.free()
		}
	}()
}

// stopped ends a turn whose code can be stopped and gives its instance up; false
// where it goes on all the same.
func stopped[T any](v *Viewer, stop func(), done <-chan T) bool {
	if !v.engine.careful {
		return false
	}
	stop()
	limit := time.NewTimer(v.patience)
	defer limit.Stop()
	select {
	case <-done:
		v.drop()
		return true
	case <-limit.C:
		return false
	}
}

// turn runs do with the renderer to itself. After a trap, or when do takes
// longer than the viewer's patience, the instance is given up; the next turn
// has a new one and documents load themselves into it again. What do makes it
// must return: it may still run when turn has returned.
func turn[T any](ctx context.Context, v *Viewer, do func(*session) (T, error)) (T, error) {
	var none T
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return none, err
	}
	if err := v.start(context.WithoutCancel(ctx)); err != nil {
		return none, err
	}
	type outcome struct {
		value T
		err   error
	}
	calls, stop := context.WithCancel(context.Background())
	defer stop()
	s := &session{lib: v.lib, ctx: calls}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		s.run(func() { o.value, o.err = do(s) })
		done <- o
	}()
	limit := time.NewTimer(v.patience)
	defer limit.Stop()
	select {
	case o := <-done:
		if s.trap != nil {
			v.drop()
			return none, fmt.Errorf("PDF文件里有无法处理的内容，请用其他程序查看：%w", s.trap)
		}
		return o.value, o.err
	case <-limit.C:
		if !stopped(v, stop, done) {
			v.abandon(func() { <-done })
		}
		return none, fmt.Errorf("PDF文件太复杂，等了%v还没有画完一页，请用其他程序查看", v.patience)
	}
}
