package hub_test

import (
	"fmt"
	"os"
	"testing"

	"anxin/sync/synctest"
)

// What is dear to start serves all tests of this program: one PostgreSQL, and
// one browser with script and one without.
var (
	onePostgres *synctest.Cluster
	oneBrowser  = map[bool]*browser{}
	afterAll    []func()
)

func TestMain(m *testing.M) {
	code := m.Run()
	for len(afterAll) > 0 {
		last := len(afterAll) - 1
		end := afterAll[last]
		afterAll = afterAll[:last]
		end()
	}
	os.Exit(code)
}

// lasting is a test whose clean-up waits until all tests are through.
type lasting struct{ testing.TB }

func (lasting) Cleanup(fn func()) { afterAll = append(afterAll, fn) }

func (l lasting) TempDir() string {
	dir, err := os.MkdirTemp("", "anxin-hub")
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// The test may be over when something that lasts fails to end.
func (lasting) Error(args ...any)                 { panic(fmt.Sprint(args...)) }
func (lasting) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// database makes an empty database in the tests' PostgreSQL. It does not wait
// for the disk: its crashes are those of the program, not of the machine.
func database(t testing.TB) string {
	t.Helper()
	if onePostgres == nil {
		onePostgres = synctest.NewCluster(lasting{t}, "fsync=off")
	}
	return onePostgres.Database(t)
}
