package synctest

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// S3 starts a real object store, versitygw over a folder, and returns the
// address of an empty bucket in it; it is stopped when the test ends. Where the
// program is not installed the test is skipped.
func S3(t testing.TB) string {
	t.Helper()
	program, err := exec.LookPath("versitygw")
	if err != nil {
		t.Skip("versitygw is not installed (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0)")
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data", "anxin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "meta"), 0o700); err != nil {
		t.Fatal(err)
	}
	address := FreeAddress(t)
	var log bytes.Buffer
	cmd := exec.Command(program, "--access", "anxin", "--secret", "anxin-secret", "--port", address, "--quiet",
		"posix", "--sidecar", filepath.Join(dir, "meta"), filepath.Join(dir, "data"))
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(2 * time.Minute); ; {
		if res, err := http.Get("http://" + address + "/"); err == nil {
			if err := res.Body.Close(); err != nil {
				t.Error(err)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("versitygw does not answer:\n%s", &log)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Sprintf("http://anxin:anxin-secret@%s/anxin/%s", address, strings.ToLower(filepath.Base(dir)))
}
