package preview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/emscripten"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

const (
	pageBytes   = 64 << 10            // of WebAssembly memory
	memoryPages = 1 << 30 / pageBytes // the module never has more than 1 GB
	hostModule  = "env"
)

// engine is the module as machine code, ready to be instantiated.
type engine struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache // nil without a cache
	code    wazero.CompiledModule
	careful bool // it looks all the time whether to go on
	strays  int  // instances left behind in it, see Viewer.abandon
}

// newEngine compiles the module. A cache that cannot be read is emptied and
// filled again; one that cannot be written is done without. Code that is careful
// can be stopped, and is several times slower for it.
func newEngine(ctx context.Context, wasm []byte, cacheDir string, careful bool) (*engine, error) {
	if cacheDir == "" {
		return compile(ctx, wasm, nil, careful)
	}
	dir := filepath.Join(cacheDir, "pdfium")
	for range 2 {
		cache, err := wazero.NewCompilationCacheWithDir(dir)
		if err != nil {
			break
		}
		if e, err := compile(ctx, wasm, cache, careful); err == nil {
			return e, nil
		}
		if os.RemoveAll(dir) != nil {
			break
		}
	}
	return compile(ctx, wasm, nil, careful)
}

// compile owns cache from here on.
func compile(ctx context.Context, wasm []byte, cache wazero.CompilationCache, careful bool) (*engine, error) {
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(memoryPages).WithCloseOnContextDone(careful)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	e := &engine{runtime: wazero.NewRuntimeWithConfig(ctx, config), cache: cache, careful: careful}
	if err := e.build(ctx, wasm); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *engine) build(ctx context.Context, wasm []byte) (err error) {
	if e.code, err = e.runtime.CompileModule(ctx, wasm); err != nil {
		return fmt.Errorf("compile: %w", err)
	}
	if _, err = wasi_snapshot_preview1.Instantiate(ctx, e.runtime); err != nil {
		return fmt.Errorf("system interface: %w", err)
	}
	host := e.runtime.NewHostModuleBuilder(hostModule)
	jumps, err := emscripten.NewFunctionExporterForModule(e.code)
	if err != nil {
		return fmt.Errorf("host functions: %w", err)
	}
	jumps.ExportFunctions(host)
	exportHost(host, e.code)
	if _, err = host.Instantiate(ctx); err != nil {
		return fmt.Errorf("host functions: %w", err)
	}
	return nil
}

func (e *engine) close() error {
	err := e.runtime.Close(context.Background())
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(context.Background()))
	}
	return err
}

// newLibrary starts an instance of PDFium with a memory of its own: no files,
// no clock, no environment, no output.
func (e *engine) newLibrary(ctx context.Context) (*library, error) {
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	module, err := e.runtime.InstantiateModule(ctx, e.code, config)
	if err != nil {
		return nil, fmt.Errorf("instantiate: %w", err)
	}
	l := newLibrary(module)
	s := &session{lib: l, ctx: ctx}
	s.run(func() {
		s.call("__wasm_call_ctors")
		s.call("FPDF_InitLibrary")
	})
	if s.trap != nil {
		l.close()
		return nil, s.trap
	}
	return l, nil
}
