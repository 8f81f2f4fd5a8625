package synctest

import (
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Where the peers lie that BenchmarkPeers measures beside this program, and how
// much evidence it moves, in MiB; see the package's comment.
const (
	envPouch  = "ANXIN_POUCHDB"
	envTusd   = "ANXIN_TUSD"
	envRsync  = "ANXIN_RSYNC"
	envPhotos = "ANXIN_PEER_MIB"
)

// peer is the program an environment variable names; without it the benchmark
// is skipped.
func peer(b *testing.B, env, what string) string {
	b.Helper()
	path := os.Getenv(env)
	if path == "" {
		b.Skipf("%s is not named: set %s", what, env)
	}
	if _, err := os.Stat(path); err != nil {
		b.Fatalf("%s: %v", env, err)
	}
	return path
}

// measured is what several runs took, by name.
type measured map[string][]float64

func (t measured) add(name string, value float64) { t[name] = append(t[name], value) }

// middle is the median of the runs.
func (t measured) middle(name string) float64 {
	s := slices.Sorted(slices.Values(t[name]))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// report gives of every name the median, and of seconds the range as well.
func (t measured) report(b *testing.B) {
	for name, runs := range t {
		b.ReportMetric(t.middle(name), name)
		if len(runs) > 1 {
			b.ReportMetric(slices.Min(runs), name+"-min")
			b.ReportMetric(slices.Max(runs), name+"-max")
		}
	}
	b.ReportMetric(0, "ns/op") // the sum of all peers says nothing
}

// serve starts a program that listens on a port of its own and waits until it
// does; it ends with the benchmark.
func serve(b *testing.B, program string, args ...string) {
	b.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = b.TempDir()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
}

// freePort is one nobody listens on.
func freePort(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// awaitPort returns when something listens on it.
func awaitPort(b *testing.B, port string) {
	b.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(end) {
			b.Fatalf("nothing listens on port %s: %v", port, err)
		}
	}
}

// cutLine is a line to a server that counts what passes either way and breaks,
// all connections at once, after so many bytes: the same numbers for every
// peer.
type cutLine struct {
	target string
	listen net.Listener

	mu    sync.Mutex
	every float64 // bytes between two cuts, on average; 0 never cuts
	rng   *rand.Rand
	next  int64
	bytes int64
	cuts  int
	open  map[net.Conn]bool
}

// newCutLine leads to a port of this machine.
func newCutLine(b *testing.B, target string, every int) *cutLine {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	c := &cutLine{target: target, listen: l, every: float64(every), rng: rand.New(rand.NewPCG(7, 20)), open: map[net.Conn]bool{}}
	c.draw()
	go c.accept()
	b.Cleanup(func() { l.Close() })
	return c
}

func (c *cutLine) port() string { return strconv.Itoa(c.listen.Addr().(*net.TCPAddr).Port) }

// draw decides where the next cut falls.
func (c *cutLine) draw() { c.next = c.bytes + 1 + int64(c.rng.ExpFloat64()*c.every) }

func (c *cutLine) accept() {
	for {
		near, err := c.listen.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.target)
		if err != nil {
			near.Close()
			continue
		}
		c.mu.Lock()
		c.open[near], c.open[far] = true, true
		c.mu.Unlock()
		go c.carry(near, far)
		go c.carry(far, near)
	}
}

// carry brings what one side says to the other until either ends.
func (c *cutLine) carry(from, to net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && c.passes(n) {
			if _, werr := to.Write(buf[:n]); werr != nil {
				err = werr
			}
		}
		if err != nil {
			break
		}
	}
	from.Close()
	to.Close()
	c.mu.Lock()
	delete(c.open, from)
	c.mu.Unlock()
}

// passes counts bytes; false cuts the line with them on it.
func (c *cutLine) passes(n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += int64(n)
	if c.every == 0 || c.bytes < c.next {
		return true
	}
	c.cuts++
	c.draw()
	for conn := range c.open {
		if t, ok := conn.(*net.TCPConn); ok {
			_ = t.SetLinger(0) // as a line that broke: what is under way is lost
		}
		conn.Close()
	}
	clear(c.open)
	return false
}

// counted is what passed and how often the line broke.
func (c *cutLine) counted() (bytes int64, cuts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes, c.cuts
}
