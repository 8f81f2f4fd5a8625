package store

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inOrder makes n values on all processors and hands them to use one by one, in
// their order, while the later ones are still being made: to sign, check or seal
// a revision costs more than to write it. It ends at the first error.
func inOrder[T any](n int, one func(i int) (T, error), use func(i int, v T) error) error {
	return inOrderBy(pipelineSlice, n, one, use)
}

// inOrderBy is inOrder with so many values made at a time.
func inOrderBy[T any](slice, n int, one func(i int) (T, error), use func(i int, v T) error) error {
	p := &pipeline[T]{slice: slice, one: one, made: make([]made[T], n), done: make([]chan struct{}, (n+slice-1)/slice)}
	for i := range p.done {
		p.done[i] = make(chan struct{})
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(p.done)) {
		wg.Go(p.work)
	}
	defer wg.Wait()
	defer p.halt.Store(true)
	for i := range p.made {
		<-p.done[i/slice]
		m := p.made[i]
		if m.err != nil {
			return m.err
		}
		if err := use(i, m.value); err != nil {
			return err
		}
	}
	return nil
}

// pipelineSlice is how many values a processor makes at a time.
const pipelineSlice = 16

type made[T any] struct {
	value T
	err   error
}

type pipeline[T any] struct {
	slice int
	one   func(i int) (T, error)
	made  []made[T]
	next  atomic.Int64    // the slice nobody has begun
	done  []chan struct{} // closed when the slice is made
	halt  atomic.Bool
}

func (p *pipeline[T]) work() {
	for !p.halt.Load() {
		n := int(p.next.Add(1)) - 1
		if n >= len(p.done) {
			return
		}
		for i := n * p.slice; i < min((n+1)*p.slice, len(p.made)); i++ {
			p.made[i].value, p.made[i].err = p.one(i)
		}
		close(p.done[n])
	}
}
