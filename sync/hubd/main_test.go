package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"anxin/sync/hub"
	"anxin/sync/wire"
)

func TestBadInputGetsASentence(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no command", nil, "命令不正确"},
		{"unknown command", []string{"frob"}, "命令不正确"},
		{"no argument", []string{"device", "revoke", "--data", dir}, "缺少“设备”"},
		{"unknown flag", []string{"verify", "--frob"}, "不认识的选项"},
		{"folder without a hub", []string{"device", "list", "--data", dir}, "没有局服务器的数据"},
		{"enrol without a hub", []string{"enrol", "--data", dir, "--name", "王某"}, "没有局服务器的数据"},
		{"enrol without a name", []string{"enrol", "--data", dir}, "--name"},
		{"enrol for no time", []string{"enrol", "--data", dir, "--name", "王某", "--life=-5m"}, "应大于零"},
		{"enrol for a word", []string{"enrol", "--data", dir, "--name", "王某", "--life", "foo"}, "--life 的内容 \"foo\" 不对"},
		{"address", []string{"serve", "--data", filepath.Join(dir, "a"), "--listen", "256.0.0.1:1"}, "不能监听"},
		{"device", []string{"device", "revoke", "--data", dir, "x"}, "不是有效的记录编号"},
		{"postgres", []string{"serve", "--data", filepath.Join(dir, "a"), "--postgres", "postgres://u:secret@%zz/"}, "连接串不正确"},
		{"object store", []string{"serve", "--data", filepath.Join(dir, "a"), "--s3", "https://host/bucket"}, "对象存储的地址不正确"},
		{"no folder", []string{"serve", "--data", ""}, "--data"},
		{"no value", []string{"serve", "--data", dir, "--listen"}, "--listen 后面没有写内容"},
		{"every address without a name", []string{"serve", "--data", filepath.Join(dir, "c"), "--listen", "0.0.0.0:0"}, "请用 --url 写明"},
		{"no address", []string{"serve", "--data", filepath.Join(dir, "c"), "--url", "not a url"}, "--url 的地址“not a url”不正确"},
		{"plain address", []string{"serve", "--data", filepath.Join(dir, "c"), "--url", "http://10.1.2.3:8443"}, "应形如 https://主机:端口"},
		{"scope", []string{"serve", "--data", filepath.Join(dir, "a"), "--listen", "127.0.0.1:0", "--scope", "/坏/"}, "范围“/坏/”不正确"},
		{"postgres is not there", []string{"serve", "--data", filepath.Join(dir, "a"), "--postgres", "postgres://u:secret@127.0.0.1:1/x"}, "连接不上 PostgreSQL（127.0.0.1:1）"},
		{"bucket", []string{"serve", "--data", filepath.Join(dir, "a"), "--s3", "http://u:secret@127.0.0.1:1/x"}, "桶名“x”不正确"},
		{"object store is not there", []string{"serve", "--data", filepath.Join(dir, "a"), "--s3", "http://u:secret@127.0.0.1:1/xyz"}, "连接不上对象存储"},
		{"stick", []string{"usb", "--data", dir, filepath.Join(dir, "none"), "--out", filepath.Join(dir, "x")}, "没有局服务器的数据"},
		{"no backup", []string{"restore", "--data", filepath.Join(dir, "b"), "--from", dir}, "没有备份"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := run(context.Background(), test.args, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 1 {
		t.Errorf("a slip left %v, %v", entries, err)
	}
}

func TestSpansCloseRunsUp(t *testing.T) {
	for _, c := range []struct {
		serials []int
		want    string
	}{{nil, "无"}, {[]int{3}, "3"}, {[]int{1, 2, 3}, "1–3"}, {[]int{3, 5, 6, 7, 9}, "3、5–7、9"}} {
		if got := spans(c.serials); got != c.want {
			t.Errorf("spans(%v) = %q, want %q", c.serials, got, c.want)
		}
	}
}

// firstLine hands on the first line written to it.
type firstLine struct {
	mu   sync.Mutex
	text bytes.Buffer
	line chan string
}

func (f *firstLine) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := bytes.ContainsRune(f.text.Bytes(), '\n')
	f.text.Write(p)
	if line, _, ok := strings.Cut(f.text.String(), "\n"); ok && !before {
		f.line <- line
	}
	return len(p), nil
}

// office is a server that runs in a folder until the test ends it.
type office struct {
	*testing.T
	dir string
	url string
	end func()
}

func serving(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, dir: filepath.Join(t.TempDir(), "局")}
	ctx, stop := context.WithCancel(context.Background())
	out := &firstLine{line: make(chan string, 1)}
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", o.dir, "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"}, out, io.Discard)
	}()
	select {
	case line := <-out.line:
		o.url = strings.TrimPrefix(line, "局服务器已启动：")
	case err := <-ended:
		t.Fatal(err)
	}
	o.end = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	t.Cleanup(o.end)
	return o
}

// do runs a command on the folder and returns what it printed.
func (o *office) do(args ...string) string {
	o.Helper()
	var out bytes.Buffer
	if err := run(context.Background(), append(args, "--data", o.dir), &out, io.Discard); err != nil {
		o.Fatalf("%v: %v", args, err)
	}
	return strings.TrimSpace(out.String())
}

// TestServe starts the server, invites a laptop from beside it, and stops it.
func TestServe(t *testing.T) {
	o := serving(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	for path, status := range map[string]int{"/": 200, "/v": 200, "/healthz": 200, "/console": 401, "/metrics": 404, "/nothing": 404} {
		res, err := client.Get(o.url + path)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != status || res.TLS.Version != tls.VersionTLS13 {
			t.Errorf("%s: %d, TLS %x", path, res.StatusCode, res.TLS.Version)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
		if path != "/healthz" {
			continue
		}
		code, err := wire.ParseCode(o.do("enrol", "--name", "王某"))
		if err != nil || code.URL != o.url || wire.Pin(res.TLS.PeerCertificates[0]) != code.Pin {
			t.Errorf("code %+v: %v", code, err)
		}
	}
	client.CloseIdleConnections()
	o.end()
}

// TestManage runs the bureau's commands beside a running server.
func TestManage(t *testing.T) {
	o := serving(t)
	if password := o.do("user", "add", "局长"); len(password) < 20 {
		t.Errorf("password of %d letters", len(password))
	}
	if text := o.do("user", "list"); !strings.Contains(text, "局长") || !strings.Contains(text, "正常") {
		t.Error(text)
	}
	o.do("user", "disable", "局长")
	if text := o.do("user", "list"); !strings.Contains(text, "已停用") {
		t.Error(text)
	}
	o.do("numbers", "add", "令/2026", "--from", "1", "--to", "40", "--source", "纸质登记簿")
	if text := o.do("numbers", "list"); !strings.Contains(text, "令/2026") || !strings.Contains(text, "40") {
		t.Error(text)
	}
	for _, args := range [][]string{
		{"numbers", "add", "令2026", "--from", "1", "--to", "2", "--source", "x"},
		{"numbers", "add", "令/2026", "--from", "40", "--to", "41", "--source", "x"},
		{"numbers", "add", "令/2026", "--from", "0", "--to", "41", "--source", "x"},
		{"scope", "move", "--scope", "甲县", "01990000-0001-7000-8000-000000000001"},
		{"scope", "grant", "--scope", "甲县", "01990000-0001-7000-8000-000000000001"},
		{"user", "disable", "无此人"},
	} {
		if err := run(context.Background(), append(args, "--data", o.dir), io.Discard, io.Discard); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
	for _, args := range [][]string{{"device", "list"}, {"scope", "list"}, {"verify"}, {"verify", "--deep"}} {
		o.do(args...)
	}
}

// TestBackupAndRestore: a backup is read again and published; put into an empty
// folder it begins a new life; over a hub it is not put.
func TestBackupAndRestore(t *testing.T) {
	o := serving(t)
	o.do("user", "add", "局长")
	copied := filepath.Join(t.TempDir(), "备份")
	for range 2 {
		if text := o.do("backup", "--to", copied); !strings.Contains(text, "已核对") {
			t.Error(text)
		}
	}
	if err := run(context.Background(), []string{"restore", "--from", copied, "--data", o.dir}, io.Discard, io.Discard); err == nil {
		t.Error("a backup was put over a hub")
	}
	fresh := &office{T: t, dir: filepath.Join(t.TempDir(), "新机")}
	if text := fresh.do("restore", "--from", copied); !strings.Contains(text, "第 2 期") {
		t.Error(text)
	}
	if text := fresh.do("user", "list"); !strings.Contains(text, "局长") {
		t.Errorf("the backup lacks the account: %s", text)
	}
	if text := fresh.do("after-restore"); !strings.Contains(text, "第 3 期") {
		t.Error(text)
	}
	fresh.do("verify")
	fresh.do("numbers", "resume")
	o.do("numbers", "add", "令/2026", "--from", "1", "--to", "40", "--source", "纸质登记簿") // after the backup
	again := &office{T: t, dir: filepath.Join(t.TempDir(), "再一台")}
	wrong := filepath.Join(t.TempDir(), "没有")
	err := run(context.Background(), []string{"restore", "--from", copied, "--old", wrong, "--data", again.dir}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "去掉 --old") {
		t.Errorf("a former folder without numbers: %v", err)
	}
	if _, err := os.Stat(again.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was written all the same: %v", err)
	}
	again.do("restore", "--from", copied, "--old", o.dir)
	if text, err := os.ReadFile(filepath.Join(again.dir, hub.HighNumbers)); err != nil || !strings.Contains(string(text), `"令/2026":40`) {
		t.Errorf("of numbers given since the backup the new folder knows %q, %v", text, err)
	}
}

// TestHelpIsChinese: the frame of the help as well as its words.
func TestHelpIsChinese(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}, {"scope", "grant", "--help"}} {
		var out bytes.Buffer
		if err := run(context.Background(), args, &out, io.Discard); err != nil {
			t.Errorf("%v: %v", args, err)
		}
		if text := out.String(); !strings.Contains(text, "用法：") || strings.Contains(text, "Usage") || strings.Contains(text, "Flags") || strings.Contains(text, "Show") {
			t.Errorf("%v:\n%s", args, text)
		}
	}
}
