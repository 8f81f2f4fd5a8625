package hub_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/sync/hub"
	"anxin/sync/synctest"
)

// paper is an issued document at the hub and the token on it.
func paper(t *testing.T, w *synctest.World) (model.Revision, string) {
	t.Helper()
	a := w.Laptops[0]
	a.Sync()
	r := a.Issue("某建筑公司")
	return r, tokenOf(t, r)
}

func tokenOf(t *testing.T, r model.Revision) string {
	t.Helper()
	d, err := model.As[model.Document](r.Body)
	if err != nil {
		t.Fatal(err)
	}
	token, err := seal.SignToken(model.Claim{Document: r.Record, Type: d.Type, Number: d.Issued.Number, Issued: model.DateOf(d.Issued.At),
		Due: "2026-09-30", AmountFen: 12_345_670, Digest: make([]byte, 32)}, modeltest.Device(1))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// announce makes the key of SM2 of device n known by a record that laptop by
// writes.
func announce(t *testing.T, by *synctest.Laptop, n int) {
	t.Helper()
	keys, err := modeltest.Device(n).PublicKeys("")
	if err != nil {
		t.Fatal(err)
	}
	by.Put("", "", &model.IssuerKey{PublicKey: keys[1]})
	by.Sync()
}

// TestVerifyPageKnowsSM2: a paper signed with a key its device announced is as
// good as any; a key somebody else announced for it is none, and a device that
// was shut out takes its key with it.
func TestVerifyPageKnowsSM2(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewMemWorld(t, 2, 1, synctest.Bugs{})
	a, b := w.Laptops[0], w.Laptops[1]
	a.Sync()
	r := a.Issue("某建筑公司")
	a.Sync()
	d, err := model.As[model.Document](r.Body)
	w.Check(err)
	token, err := seal.SignTokenSM2(model.Claim{Document: r.Record, Type: d.Type, Number: d.Issued.Number, Issued: model.DateOf(d.Issued.At),
		Digest: make([]byte, 32)}, modeltest.Device(1))
	w.Check(err)
	sees := func(step, state string) {
		t.Helper()
		if text := get(w, "/v?t="+url.QueryEscape(token)).Body.String(); !strings.Contains(text, `data-state="`+state+`"`) {
			t.Errorf("%s, want state %s:\n%s", step, state, text)
		}
	}
	sees("not announced", "unknown")
	announce(t, b, 1)
	sees("announced by another", "unknown")
	announce(t, a, 1)
	sees("announced", "valid")
	change(t, w, r.Record, model.DocumentIssued, model.Event{Kind: model.EventCorrected, At: modeltest.Day})
	sees("corrected", "corrected")
	change(t, w, r.Record, model.DocumentWithdrawn, model.Event{Kind: model.EventWithdrawn, At: modeltest.Day})
	sees("withdrawn", "withdrawn")
	w.Check(w.Hub.Revoke(ctx, a.Store.Device().ID))
	sees("shut out", "unknown")
}

func get(w *synctest.World, target string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.Hub.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, nil))
	return rec
}

// change appends an event to the document and hands it in.
func change(t *testing.T, w *synctest.World, id model.ID, state string, e model.Event) {
	t.Helper()
	a := w.Laptops[0]
	head := a.Head(id)
	d, err := model.As[model.Document](head.Body)
	if err != nil {
		t.Fatal(err)
	}
	d.State = state
	d.Events = append(d.Events, e)
	a.Put(id, head.Rev, d)
	a.Sync()
}

func TestVerifyPage(t *testing.T) {
	tests := []struct {
		name  string
		after func(*testing.T, *synctest.World, model.Revision)
		token func(string) string
		state string
		shown []string
	}{
		{"valid", func(_ *testing.T, w *synctest.World, _ model.Revision) { w.Laptops[0].Sync() }, nil, "valid",
			[]string{"有效", "2026年9月18日", "2026年9月30日", "123456.70 元"}},
		{"not handed in yet", nil, nil, "unknown", []string{"尚未报局"}},
		{"withdrawn", func(t *testing.T, w *synctest.World, r model.Revision) {
			change(t, w, r.Record, model.DocumentWithdrawn, model.Event{Kind: model.EventWithdrawn, At: modeltest.Day})
		}, nil, "withdrawn", []string{"已撤回"}},
		{"corrected", func(t *testing.T, w *synctest.World, r model.Revision) {
			change(t, w, r.Record, model.DocumentIssued, model.Event{Kind: model.EventCorrected, At: modeltest.Day})
		}, nil, "corrected", []string{"已更正"}},
		{"link", func(_ *testing.T, w *synctest.World, _ model.Revision) { w.Laptops[0].Sync() },
			func(s string) string { return "https://hub.test/v#" + url.PathEscape(s) }, "valid", []string{"有效"}},
		{"changed by a letter", nil, func(s string) string { return s[:len(s)-1] + "0" }, "unknown", []string{"无法确认"}},
		{"no token", nil, func(string) string { return "<script>alert(1)</script>" }, "unknown", []string{"&lt;script&gt;"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := synctest.NewWorld(t, 1)
			r, token := paper(t, w)
			if test.after != nil {
				test.after(t, w, r)
			}
			if test.token != nil {
				token = test.token(token)
			}
			rec := get(w, "/v?t="+url.QueryEscape(token))
			text := rec.Body.String()
			if rec.Code != http.StatusOK || !strings.Contains(text, `data-state="`+test.state+`"`) {
				t.Errorf("%d, want state %s:\n%s", rec.Code, test.state, text)
			}
			for _, s := range test.shown {
				if !strings.Contains(text, s) {
					t.Errorf("the page lacks %q:\n%s", s, text)
				}
			}
			if strings.Contains(html.UnescapeString(text), "某建筑公司") {
				t.Error("the page names the party")
			}
		})
	}
}

func TestVerifyPageStandsAlone(t *testing.T) {
	w := synctest.NewWorld(t, 0)
	rec := get(w, "/v")
	if rec.Code != http.StatusOK || strings.Contains(rec.Body.String(), "data-state") || !strings.Contains(rec.Body.String(), "<form") {
		t.Errorf("empty form: %d %s", rec.Code, rec.Body)
	}
	if csp := rec.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	if rec := get(w, "/v.js"); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "location.hash") {
		t.Errorf("script: %d", rec.Code)
	}
	if rec := get(w, "/healthz"); rec.Body.String() != "ok\n" {
		t.Errorf("health: %d %s", rec.Code, rec.Body)
	}
}

func TestUnknownAddresses(t *testing.T) {
	r := newRig(t, nil)
	for path, want := range map[string]struct {
		status   int
		location string
	}{"/nothing": {404, ""}, "/sync/v1/nothing": {404, ""}, "/console/nothing": {404, ""}, "/v/": {301, "/v"}, "/console/": {301, "/console"}, "/favicon.ico": {404, ""}} {
		rec := httptest.NewRecorder()
		r.hub.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		if rec.Code != want.status || rec.Header().Get("Location") != want.location {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Header().Get("Location"))
		}
		if want.status == 404 && !strings.Contains(rec.Body.String(), "没有这个网址") {
			t.Errorf("%s says %q", path, rec.Body)
		}
	}
}

func TestVerifyPageIsLimited(t *testing.T) {
	clock := modeltest.NewClock(0)
	h, err := hub.Open(context.Background(), t.TempDir(), hub.Options{Clock: clock, IDs: &modeltest.IDs{}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	ask := func() int {
		rec := httptest.NewRecorder()
		h.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/v?t=x", nil))
		return rec.Code
	}
	codes := map[int]int{}
	for range 100 {
		codes[ask()]++
	}
	if codes[http.StatusOK] != 60 || codes[http.StatusTooManyRequests] != 40 {
		t.Errorf("100 questions at once: %v", codes)
	}
	clock.Move(time.Minute)
	if code := ask(); code != http.StatusOK {
		t.Errorf("a minute later: %d", code)
	}
}

// TestKeys: every laptop has the key of every other and of the hub.
func TestKeys(t *testing.T) {
	w := synctest.NewWorld(t, 2)
	keys := w.Laptops[1].Client.Keys()
	if len(keys) == 0 {
		t.Fatal("no keys")
	}
	w.Laptops[0].Sync()
	names := map[string]bool{}
	for _, k := range w.Laptops[0].Client.Keys() {
		names[k.Name] = true
		if k.ID != seal.KeyID(k.Key) {
			t.Errorf("key %s is called %s", seal.KeyID(k.Key), k.ID)
		}
	}
	if len(names) != 3 || !names["局服务器"] {
		t.Errorf("keys of %v", names)
	}
}

// TestVerifyDeep: a push whose last signature covers all is taken; that one in
// the middle is no signature shows when each is checked.
func TestVerifyDeep(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, nil)
	p := r.join(1)
	var ops []model.Op
	for i := range 3 {
		ops = append(ops, p.create(modeltest.Employer(i)))
	}
	ops[1].Sig = slices.Clone(ops[1].Sig)
	ops[1].Sig[0] ^= 1
	if acks, err := p.push(ops...); err != nil || acks[1].Outcome != model.OutcomeApplied {
		t.Fatal(acks, err)
	}
	for want, verify := range []func(context.Context) (hub.Report, error){r.hub.Verify, r.hub.VerifyDeep} {
		report, err := verify(ctx)
		r.check(err)
		if len(report.Faults) != want || want == 1 && !strings.Contains(report.Faults[0], "第 2 条") {
			t.Errorf("want %d faults: %q", want, report.Faults)
		}
	}
}

// TestVerifyFindsDamage plants faults in the files of a hub and expects each to
// be named.
func TestVerifyFindsDamage(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewWorld(t, 1)
	a := w.Laptops[0]
	info, err := a.Blobs.Put(ctx, strings.NewReader("photo"))
	w.Check(err)
	r := a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	a.Put("", "", modeltest.Employer(1))
	a.Sync()
	report, err := w.Hub.Verify(ctx)
	w.Check(err)
	if len(report.Faults) > 0 || report.Ops != 2 || report.Revisions != 2 || report.Records != 2 || report.Blobs != 1 {
		t.Fatalf("sound hub: %+v", report)
	}
	for _, damage := range []struct{ name, sql, fault string }{
		{"body", `DROP TRIGGER revision_fixed; UPDATE revision SET data = CAST(substr(data, 1, 20) || x'00' || substr(data, 22) AS BLOB) WHERE rev = '` + string(r.Rev) + `'`, "内容与签名不符"},
		{"another's body", `UPDATE revision SET data = (SELECT data FROM revision WHERE rev <> '` + string(r.Rev) + `') WHERE rev = '` + string(r.Rev) + `'`, "内容与签名不符"},
		{"log", `DROP TRIGGER op_fixed; UPDATE op SET data = CAST(substr(data, 1, 20) || x'00' || substr(data, 22) AS BLOB) WHERE position = 2`, "断开"},
		{"tree", `UPDATE op SET hashes = x'00' WHERE position = 1`, "接不上"},
		{"end of the log", `UPDATE log SET size = size - 1`, "末端"},
		{"head", `UPDATE head SET open = 1`, "与版本历史不符"},
		{"file", `UPDATE blob SET size = size + 1`, "内容已损坏"},
	} {
		execute(t, w, damage.sql)
		report, err := w.Hub.Verify(ctx)
		w.Check(err)
		if text := strings.Join(report.Faults, "\n"); !strings.Contains(text, damage.fault) {
			t.Errorf("%s: faults %q", damage.name, text)
		}
	}
}
