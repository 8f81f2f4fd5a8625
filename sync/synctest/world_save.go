package synctest

import (
	"maps"
	"os"
	"path/filepath"
	"strconv"
)

// Save keeps the world as it lies on disk and returns the way back to it.
func (w *World) Save() (back func()) {
	w.T.Helper()
	if w.mem != nil {
		ways := []func(){w.SaveHub()}
		for _, l := range w.Laptops {
			ways = append(ways, l.save(), func() { l.Line.Plan(nil) })
		}
		return func() {
			for _, way := range ways {
				way()
			}
		}
	}
	kept := tempDir(w.T)
	w.reopen(func() {
		for i, dir := range w.dirs() {
			w.Check(os.CopyFS(filepath.Join(kept, strconv.Itoa(i)), os.DirFS(dir)))
		}
	})
	return func() {
		w.reopen(func() {
			for i, dir := range w.dirs() {
				w.Check(os.RemoveAll(dir))
				w.Check(os.CopyFS(dir, os.DirFS(filepath.Join(kept, strconv.Itoa(i)))))
			}
		})
	}
}

func (w *World) dirs() []string {
	dirs := []string{w.Dir}
	for _, l := range w.Laptops {
		dirs = append(dirs, l.Dir)
	}
	return dirs
}

// reopen does something while nothing is open.
func (w *World) reopen(do func()) {
	w.CloseHub()
	for _, l := range w.Laptops {
		l.close()
	}
	do()
	for _, l := range w.Laptops {
		l.open()
		l.Line.Plan(nil)
	}
	w.OpenHub()
}

// SaveHub keeps the hub's records and files as they are and returns the way
// back to them, as from a backup.
func (w *World) SaveHub() (back func()) {
	if w.mem == nil {
		w.CloseHub()
		defer w.OpenHub()
		restore := copyOf(w, w.Dir)
		return func() {
			w.CloseHub()
			restore()
			w.OpenHub()
		}
	}
	state, whole := w.mem.store.now.Load(), maps.Clone(w.mem.files.whole)
	return func() {
		w.mem.store.now.Store(state)
		w.mem.files.whole = maps.Clone(whole)
		clear(w.mem.files.leaves)
		w.CloseHub()
		w.OpenHub()
	}
}

// saveLaptop keeps a laptop's data and returns the way back to it.
func (l *Laptop) save() (back func()) {
	if l.Dir == "" {
		state, whole := l.mem.now.Load(), maps.Clone(l.files.whole)
		return func() {
			l.mem.now.Store(state)
			l.files.whole = maps.Clone(whole)
			l.open()
		}
	}
	l.close()
	restore := copyOf(l.w, l.Dir)
	l.open()
	return func() {
		l.close()
		restore()
		l.open()
	}
}

// fault is what this laptop's disk says before it writes.
func (l *Laptop) fault() error { return l.w.fault() }

// clone copies a laptop onto another machine: the same device, the same records,
// and no idea of it.
func (l *Laptop) clone() *Laptop {
	n := len(l.w.Laptops) + 1
	c := l.w.newLaptop(n, l.device)
	c.Author, c.Home = l.Author, l.Home
	if l.Dir != "" {
		l.close()
		c.close()
		for to, from := range map[string]string{c.Dir: l.Dir, c.marks: l.marks} {
			l.w.Check(os.RemoveAll(to))
			l.w.Check(os.CopyFS(to, os.DirFS(from)))
		}
		c.keys = l.keys
		l.open()
		c.open()
		c.cloned = c.Store.Device().Epoch
		return c
	}
	c.mem.now.Store(l.mem.now.Load())
	c.files.whole = maps.Clone(l.files.whole)
	c.tries = l.tries
	c.cloned = c.Store.Device().Epoch
	c.open() // reads the settings that came along
	return c
}

// copyOf keeps a folder and returns the way to put the copy back.
func copyOf(w *World, dir string) (back func()) {
	kept := filepath.Join(tempDir(w.T), "copy")
	w.Check(os.CopyFS(kept, os.DirFS(dir)))
	return func() {
		w.Check(os.RemoveAll(dir))
		w.Check(os.CopyFS(dir, os.DirFS(kept)))
	}
}
