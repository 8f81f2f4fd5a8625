package hub_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/synctest"
	"anxin/sync/wire"
)

// patience is how long a page may take to come on a busy machine.
const patience = 2 * time.Minute

// browser is a Chromium driven by W3C WebDriver.
type browser struct {
	testing.TB
	session string
}

// browse is the tests' browser with an empty page; script says whether pages
// may run any. Where none is installed the test is skipped.
func browse(t *testing.T, script bool) *browser {
	t.Helper()
	if oneBrowser[script] == nil {
		oneBrowser[script] = newBrowser(lasting{t}, script)
	}
	b := &browser{TB: t, session: oneBrowser[script].session}
	b.open("about:blank")
	return b
}

// newBrowser starts one without a window.
func newBrowser(t testing.TB, script bool) *browser {
	t.Helper()
	driver, err1 := exec.LookPath("chromedriver")
	chromium, err2 := exec.LookPath("chromium")
	if err1 != nil || err2 != nil {
		t.Skip("Chromium is not installed (Debian packages chromium and chromium-driver)")
	}
	_, port, _ := net.SplitHostPort(synctest.FreeAddress(t))
	cmd := exec.Command(driver, "--port="+port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
	b := &browser{TB: t, session: "http://127.0.0.1:" + port}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if res, err := http.Get(b.session + "/status"); err == nil {
			_ = res.Body.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("chromedriver does not answer")
		}
	}
	prefs := map[string]any{}
	if !script {
		prefs["profile.managed_default_content_settings.javascript"] = 2
	}
	var made struct {
		SessionID string `json:"sessionId"`
	}
	b.call("POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"acceptInsecureCerts": true,
		"goog:chromeOptions": map[string]any{"binary": chromium, "prefs": prefs, "args": []string{"--headless", "--no-sandbox", "--disable-gpu",
			"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--disable-dev-shm-usage", "--window-size=1100,900", "--user-data-dir=" + t.TempDir()}},
	}}}, &made)
	b.session += "/session/" + made.SessionID
	t.Cleanup(func() { b.call("DELETE", "", nil, nil) })
	b.call("POST", "/timeouts", map[string]int{"implicit": int(patience.Milliseconds())}, nil)
	return b
}

func (b *browser) call(method, path string, in, out any) {
	b.Helper()
	var body io.Reader
	if method == "POST" {
		if in == nil {
			in = struct{}{}
		}
		text, err := json.Marshal(in)
		if err != nil {
			b.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, b.session+path, body)
	if err != nil {
		b.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, answer.Value, err)
	}
	if out != nil {
		if err := json.Unmarshal(answer.Value, out); err != nil {
			b.Fatal(err)
		}
	}
}

func (b *browser) open(url string) { b.call("POST", "/url", map[string]string{"url": url}, nil) }

func (b *browser) find(css string) string {
	b.Helper()
	var found map[string]string
	b.call("POST", "/element", map[string]string{"using": "css selector", "value": css}, &found)
	for _, id := range found {
		return "/element/" + id
	}
	b.Fatalf("no element %s", css)
	return ""
}

func (b *browser) click(css string) { b.Helper(); b.call("POST", b.find(css)+"/click", nil, nil) }

func (b *browser) write(css, text string) {
	b.Helper()
	b.call("POST", b.find(css)+"/value", map[string]string{"text": text}, nil)
}

func (b *browser) text(css string) (out string) {
	b.Helper()
	b.call("GET", b.find(css)+"/text", nil, &out)
	return out
}

func (b *browser) attribute(css, name string) (out string) {
	b.Helper()
	b.call("GET", b.find(css)+"/attribute/"+name, nil, &out)
	return out
}

// shot takes a picture of an element; with ANXIN_SHOTS set it is kept there
// for people to look at.
func (b *browser) shot(css, name string) []byte {
	b.Helper()
	path := "/screenshot"
	if css != "" {
		path = b.find(css) + "/screenshot"
	}
	var text string
	b.call("GET", path, nil, &text)
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		b.Fatal(err)
	}
	if dir := os.Getenv("ANXIN_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o600); err != nil {
			b.Error(err)
		}
	}
	return data
}

// sees waits for texts to stand on the page: a click may return before the
// page it leads to is there.
func (b *browser) sees(want ...string) {
	b.Helper()
	var text string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		b.call("POST", "/execute/sync", map[string]any{"script": "return document.body ? document.body.innerText : ''", "args": []any{}}, &text)
		if !slices.ContainsFunc(want, func(s string) bool { return !strings.Contains(text, s) }) {
			return
		}
	}
	b.Errorf("the page lacks some of %q:\n%s", want, text)
}

// serveWorld serves a world's hub as anxin-hub does.
func serveWorld(t *testing.T, w *synctest.World) string {
	t.Helper()
	s := httptest.NewUnstartedServer(w.Hub.Handler())
	s.TLS = w.Hub.TLS()
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// TestVerifyPageInABrowser: the link of a QR code answers by itself; without
// JavaScript the pasted content does.
func TestVerifyPageInABrowser(t *testing.T) {
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script %v", script), func(t *testing.T) {
			b := browse(t, script)
			w := synctest.NewWorld(t, 1)
			r, token := paper(t, w)
			w.Laptops[0].Sync()
			address := serveWorld(t, w)
			if script {
				b.open(address + "/v#" + url.PathEscape(token))
			} else {
				b.open(address + "/v")
				b.write("#t", token)
				b.click("#form button")
			}
			if state := b.attribute("#verdict", "data-state"); state != "valid" {
				t.Errorf("state %s", state)
			}
			b.sees("有效", "这份文书确由本局签发", "123456.70 元", "2026年9月30日")
			b.shot("", fmt.Sprintf("verify-%v", script))
			change(t, w, r.Record, model.DocumentWithdrawn, model.Event{Kind: model.EventWithdrawn, At: modeltest.Day})
			b.open(address + "/v?t=" + url.QueryEscape(token))
			b.sees("已撤回", "不再有效")
			b.shot("", fmt.Sprintf("withdrawn-%v", script))
		})
	}
}

// TestConsoleInABrowser is an admin's morning: log in, look, release what was
// set aside, invite a laptop by QR code, shut another out, log out.
func TestConsoleInABrowser(t *testing.T) {
	b := browse(t, false)
	ctx := context.Background()
	w := synctest.NewWorld(t, 2)
	l := w.Laptops[0]
	l.Sync()
	l.Issue("某建筑公司")
	first := l.Put("", "", modeltest.Employer(1))
	l.Sync()
	w.Check(w.Hub.Move(ctx, first.Record, "乙县"))
	l.Put(first.Record, first.Rev, modeltest.Employer(2))
	l.Sync()
	password, err := w.Hub.AddAccount(ctx, "局长")
	w.Check(err)
	address := serveWorld(t, w)

	b.open(address + "/console")
	b.write("#name", "局长")
	b.write("#password", "wrong")
	b.click("button")
	b.sees("账号或口令不正确")
	b.shot("", "login")
	b.write("#name", "局长")
	b.write("#password", password)
	b.click("button")
	b.sees("概况", "从未备份", "officer 1", "1 条待处理")
	b.shot("", "state")
	b.open(address + "/console/quarantine")
	b.sees("本机无权改动“乙县”范围的记录", "用人单位")
	b.shot("", "quarantine")
	b.click("main button[value=release]")
	b.sees("已处理", "没有搁置的操作")
	b.open(address + "/console/numbers")
	b.sees(synctest.Series)
	b.shot("", "numbers")
	b.open(address + "/console/enrol")
	b.write("#name", "王某")
	b.click("main button")
	line := b.text("#code")
	if _, err := wire.ParseCode(line); err != nil {
		t.Errorf("code %q: %v", line, err)
	}
	b.shot("", "enrol")
	if got := scan(t, b.shot(".qr", "qr")); got != line {
		t.Errorf("the QR code says %q, the line %q", got, line)
	}
	b.open(address + "/console")
	b.click("main summary")
	b.sees("也不能恢复")
	b.click("main button[value=revoke]")
	b.sees("笔记本已停用", "已停用")
	b.click("nav button")
	b.sees("登录")
	b.open(address + "/console/enrol")
	b.sees("口令")
}

// scan reads the QR code on a picture.
func scan(t *testing.T, picture []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}
