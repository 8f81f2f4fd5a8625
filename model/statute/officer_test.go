package statute_test

import (
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/statute"
)

var (
	chen = model.Officer{Name: "陈志远", Role: model.RoleInspector, CertNo: "HN-0725-0001", ValidFrom: "2023-01-01", ValidTo: "2027-12-31"}
	zhao = model.Officer{Name: "赵雪𬱖", Role: model.RoleInspector, CertNo: "HN-0725-0002", ValidFrom: "2023-01-01", ValidTo: "2026-09-18"}
)

func with(o model.Officer, change func(*model.Officer)) model.Officer {
	change(&o)
	return o
}

func TestCertified(t *testing.T) {
	for _, c := range []struct {
		name    string
		officer model.Officer
		code    string // empty: certified
	}{
		{"in force", chen, ""},
		{"on its last day", zhao, ""},
		{"no dates known", with(chen, func(o *model.Officer) { o.ValidFrom, o.ValidTo = "", "" }), ""},
		{"assistant", with(chen, func(o *model.Officer) { o.Role = model.RoleAssistant }), "role"},
		{"reviewer", with(chen, func(o *model.Officer) { o.Role = model.RoleReviewer }), "role"},
		{"no role", with(chen, func(o *model.Officer) { o.Role = "" }), "role"},
		{"no certificate", with(chen, func(o *model.Officer) { o.CertNo = "" }), "no_certificate"},
		{"suspended", with(chen, func(o *model.Officer) { o.Suspended = true }), "suspended"},
		{"expired", with(chen, func(o *model.Officer) { o.ValidTo = "2025-12-31" }), "expired"},
		{"not yet", with(chen, func(o *model.Officer) { o.ValidFrom = "2026-09-19" }), "early"},
	} {
		ok, reason := statute.Certified(c.officer, day(t, "2026-09-18"))
		if ok != (c.code == "") || reason.Code != c.code {
			t.Errorf("%s: %v %+v", c.name, ok, reason)
		}
		if !ok && (!strings.HasPrefix(reason.Text, c.officer.Name) || reason.Article == "") {
			t.Errorf("%s: the reason is %+v", c.name, reason)
		}
	}
}

func TestTwoOfficers(t *testing.T) {
	expired := with(chen, func(o *model.Officer) { o.Name, o.CertNo, o.ValidTo = "周海", "HN-0725-0003", "2025-06-30" })
	for _, c := range []struct {
		name     string
		officers []model.Officer
		codes    string
	}{
		{"two", []model.Officer{chen, zhao}, ""},
		{"none", nil, "two_officers"},
		{"one", []model.Officer{chen}, "two_officers"},
		{"the same twice", []model.Officer{chen, with(chen, func(o *model.Officer) { o.CertNo = "hn-0725-0001 " })}, "same two_officers"},
		{"one expired", []model.Officer{chen, expired}, "expired two_officers"},
		{"two and an expired", []model.Officer{chen, zhao, expired}, "expired"},
	} {
		var codes []string
		for _, r := range statute.TwoOfficers(c.officers, day(t, "2026-09-18")) {
			codes = append(codes, r.Code)
		}
		if got := strings.Join(codes, " "); got != c.codes {
			t.Errorf("%s: %q, want %q", c.name, got, c.codes)
		}
	}
}

func TestServiceProof(t *testing.T) {
	law := load(t)
	for _, c := range []struct{ mode, held, missing string }{
		{model.ServeDirect, "signature role", ""},
		{model.ServeDirect, "signature", "role"},
		{model.ServeLeave, "refusal photo", ""},
		{model.ServeLeave, "refusal witness", ""},
		{model.ServeLeave, "refusal", "witness|photo|video"},
		{model.ServeLeave, "", "refusal witness|photo|video"},
		{model.ServeElectron, "address delivery_log", "consent"},
		{model.ServeMail, "tracking receipt", ""},
		{model.ServeAgent, "entrustment receipt", ""},
		{model.ServePublic, "notice", "steps"},
		{model.ServePost, "posting video", ""},
	} {
		mode, err := law.Service(c.mode)
		if err != nil {
			t.Error(err)
			continue
		}
		held := strings.Fields(c.held)
		var missing []string
		for _, r := range mode.Missing(func(proof string) bool { return strings.Contains(" "+strings.Join(held, " ")+" ", " "+proof+" ") }) {
			missing = append(missing, r.Code)
			if !strings.HasPrefix(r.Text, c.mode+"送达缺少") || r.Article == "" {
				t.Errorf("%+v", r)
			}
		}
		if got := strings.Join(missing, " "); got != c.missing {
			t.Errorf("%s with %q lacks %q, want %q", c.mode, c.held, got, c.missing)
		}
		if mode.WageOrderOnly != (c.mode == model.ServePost) {
			t.Errorf("%s: wage orders only = %v", c.mode, mode.WageOrderOnly)
		}
	}
	if _, err := law.Service("托梦"); err == nil {
		t.Error("there is no such mode")
	}
	if len(law.Services()) != 8 {
		t.Errorf("%d modes, want 8", len(law.Services()))
	}
}

func TestServedOn(t *testing.T) {
	law := load(t)
	at := day(t, "2026-09-18").Add(17*60*60*1e9 + 5*60*1e9)
	for mode, want := range map[string]string{"留置": "2026-09-18", "张贴": "2026-09-18", "公告": "2026-10-19"} { // thirty days end on a Sunday
		got, firm, err := law.ServedOn(mode, at, "湖南")
		if err != nil || !firm || !got.Equal(day(t, want)) {
			t.Errorf("%s: %s %v %v, want %s", mode, got, firm, err, want)
		}
	}
	if _, _, err := law.ServedOn("托梦", at, ""); err == nil {
		t.Error("there is no such mode")
	}
}
