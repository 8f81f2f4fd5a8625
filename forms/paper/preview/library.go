package preview

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero/api"
)

// library is a running instance of PDFium.
type library struct {
	module    api.Module
	functions map[string]api.Function
	loaded    map[*Document]loaded
}

// loaded is a document inside an instance: PDFium's handle and the file's
// bytes, which it reads as it goes.
type loaded struct{ handle, buffer uint64 }

func newLibrary(module api.Module) *library {
	return &library{module: module, functions: map[string]api.Function{}, loaded: map[*Document]loaded{}}
}

func (l *library) close() { l.module.Close(context.Background()) }

func (l *library) memorySize() uint32 { return l.module.Memory().Size() }

// session is one turn with a library. Calls follow one another without a look
// at errors: after the first trap every call answers 0 and nothing is read or
// written, and trap holds the cause.
type session struct {
	lib  *library
	ctx  context.Context // of its calls: careful code ends with it
	trap error
}

// run does one turn. A panic on the way is a trap too: whatever the bytes of a
// file lead to, the program goes on.
func (s *session) run(do func()) {
	defer func() {
		if p := recover(); p != nil {
			s.fail(fmt.Errorf("%v", p))
		}
	}()
	do()
}

// fail keeps the first cause, without the module's stack.
func (s *session) fail(err error) {
	if s.trap == nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		s.trap = errors.New(line)
	}
}

// call calls an exported function, numbers as the module encodes them. It
// returns its result, 0 for none.
func (s *session) call(name string, args ...uint64) uint64 {
	if s.trap != nil {
		return 0
	}
	f := s.lib.functions[name]
	if f == nil {
		if f = s.lib.module.ExportedFunction(name); f == nil {
			s.fail(fmt.Errorf("no function %s", name))
			return 0
		}
		s.lib.functions[name] = f
	}
	results, err := f.Call(s.ctx, args...)
	if err != nil {
		s.fail(err)
		return 0
	}
	if len(results) == 0 {
		return 0
	}
	return results[0]
}

// number calls a function that answers with a signed number.
func (s *session) number(name string, args ...uint64) int {
	return int(api.DecodeI32(s.call(name, args...)))
}

// alloc takes size bytes of the module's memory; 0 when it has no more.
func (s *session) alloc(size int) uint64 { return s.call("malloc", uint64(size)) }

func (s *session) free(at uint64) { s.call("free", at) }

// view shows size bytes of the module's memory, valid until the next call; nil
// after a trap.
func (s *session) view(at uint64, size int) []byte {
	if s.trap != nil {
		return nil
	}
	b, ok := s.lib.module.Memory().Read(uint32(at), uint32(size))
	if !ok {
		s.fail(errors.New("memory out of reach"))
	}
	return b
}
