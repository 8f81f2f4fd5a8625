package synctest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Cluster is a real PostgreSQL of its own: private data folder, no network, a
// socket only this machine's programs reach.
type Cluster struct {
	dir      string
	bin      string
	user     string
	settings string
	mu       sync.Mutex
	n        int
}

// NewCluster makes and starts a PostgreSQL with further settings, each like
// "fsync=off", and stops it when the test ends. Where none is installed the
// test is skipped.
func NewCluster(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(bins) == 0 {
		t.Skip("PostgreSQL is not installed (Debian package postgresql)")
	}
	c := &Cluster{bin: filepath.Dir(bins[len(bins)-1])}
	for _, one := range settings {
		c.settings += " -c " + one
	}
	if c.dir, err = os.MkdirTemp("", "anxin-pg"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(c.dir); err != nil {
			t.Error(err)
		}
	})
	if os.Geteuid() == 0 { // it refuses to run as root
		c.giveAway(t)
	}
	c.run(t, "initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions", "--no-sync")
	c.Start(t)
	t.Cleanup(func() { c.run(t, "pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "-t", "300", "stop") })
	return c
}

// giveAway hands the folder to the account the Debian package made.
func (c *Cluster) giveAway(t testing.TB) {
	t.Helper()
	account, err := user.Lookup("postgres")
	if err != nil {
		t.Skip("there is no account postgres to run PostgreSQL under")
	}
	uid, err1 := strconv.Atoi(account.Uid)
	gid, err2 := strconv.Atoi(account.Gid)
	if err1 != nil || err2 != nil || os.Chown(c.dir, uid, gid) != nil {
		t.Skip("the folder cannot be handed to the account postgres")
	}
	c.user = account.Username
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// run runs one of PostgreSQL's programs and returns what it printed.
func (c *Cluster) run(t testing.TB, program string, args ...string) string {
	t.Helper()
	name := filepath.Join(c.bin, program)
	if c.user != "" {
		args = append([]string{"--reuid=" + c.user, "--regid=" + c.user, "--clear-groups", "--", name}, args...)
		name = "setpriv"
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, &out)
	}
	return out.String()
}

// Start starts the server and waits until it answers.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	c.run(t, "pg_ctl", "-D", c.data(), "-w", "-t", "300", "-l", filepath.Join(c.dir, "log"),
		"-o", fmt.Sprintf("-c listen_addresses='' -k %s -c max_connections=60%s", c.dir, c.settings), "start")
}

// Crash stops the server as a power cut would.
func (c *Cluster) Crash(t testing.TB) {
	t.Helper()
	c.run(t, "pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "-t", "300", "stop")
}

// Database makes an empty database and returns its DSN.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	c.mu.Lock()
	c.n++
	name := fmt.Sprintf("hub%d", c.n)
	c.mu.Unlock()
	c.run(t, "createdb", "-h", c.dir, "-U", "postgres", name)
	return c.DSN(name)
}

// DSN is the address of one of its databases.
func (c *Cluster) DSN(name string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=%s", c.dir, name)
}

// Copy dumps a database and loads the dump into a new one of another cluster,
// whose DSN it returns.
func (c *Cluster) Copy(t testing.TB, dsn string, to *Cluster) string {
	t.Helper()
	file := filepath.Join(c.dir, "copy.dump")
	c.run(t, "pg_dump", "-Fc", "-f", file, "-d", dsn)
	if c.user == "" && to.user != "" {
		t.Fatal("the clusters run under different accounts")
	}
	target := to.Database(t)
	to.run(t, "pg_restore", "--exit-on-error", "--no-owner", "-d", target, file)
	return target
}
