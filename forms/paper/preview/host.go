package preview

import (
	"context"
	"errors"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// noSystem is -ENOSYS as the module's C library counts it (WASI's errno 52).
const noSystem = -52

var errAborted = errors.New("the module aborted")

// exportHost adds the functions the module asks of its host beyond what
// emscripten's exporter brings (calls through setjmp). All that would reach
// outside, files and the clock, is refused, so that the same file always gives
// the same picture.
func exportHost(host wazero.HostModuleBuilder, code wazero.CompiledModule) {
	for _, f := range code.ImportedFunctions() {
		module, name, _ := f.Import()
		if module != hostModule || name == "_emscripten_throw_longjmp" || strings.HasPrefix(name, "invoke_") {
			continue
		}
		host.NewFunctionBuilder().
			WithGoModuleFunction(hostFunction(name, len(f.ResultTypes()) > 0), f.ParamTypes(), f.ResultTypes()).
			Export(name)
	}
}

func hostFunction(name string, answers bool) api.GoModuleFunc {
	switch name {
	case "emscripten_resize_heap":
		return resizeHeap
	case "emscripten_date_now": // the time is always 1970
		return func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = api.EncodeF64(0) }
	case "_abort_js":
		return func(context.Context, api.Module, []uint64) { panic(errAborted) }
	}
	if !answers {
		return func(context.Context, api.Module, []uint64) {}
	}
	return func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = api.EncodeI32(noSystem) }
}

// resizeHeap grows the memory to the number of bytes asked for; 0 says that it
// cannot.
func resizeHeap(_ context.Context, m api.Module, stack []uint64) {
	want, have := uint64(uint32(stack[0])), uint64(m.Memory().Size())
	stack[0] = 1
	if want <= have {
		return
	}
	if _, ok := m.Memory().Grow(uint32((want - have + pageBytes - 1) / pageBytes)); !ok {
		stack[0] = 0
	}
}
