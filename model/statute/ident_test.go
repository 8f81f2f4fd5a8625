package statute_test

import (
	"strings"
	"testing"
	"time"

	"anxin/model/statute"
)

var usccs = map[string]struct {
	ok     bool
	normal string
	reason string
}{
	"91110000101623741K":       {true, "91110000101623741K", ""},
	"911101066976941872":       {true, "911101066976941872", ""},
	"91350100M000100Y43":       {true, "91350100M000100Y43", ""},
	"91410100170051134L":       {true, "91410100170051134L", ""},
	"91331122MA2A0M9B7N":       {true, "91331122MA2A0M9B7N", ""},
	"91510522204916571F":       {true, "91510522204916571F", ""},
	" 9141 0100 1700 51134l\t": {true, "91410100170051134L", ""},
	"９１４１０１００１７００５１１３４Ｌ": {true, "91410100170051134L", ""},
	"91350211M0000XUF46": {false, "91350211M0000XUF46", "校验不符"}, // genuine, fails its check
	"91410100170051134M": {false, "91410100170051134M", "最后一位校验不符"},
	"91410100I70051134L": {false, "91410100I70051134L", "不含I、O、S、V、Z"},
	"430725000012345":    {false, "430725000012345", "旧注册号"},
	"9141010017005113":   {false, "9141010017005113", "应为18位"},
	"无证照":                {false, "无证照", "应为18位"},
	"":                   {false, "", "没有填写"},
}

func TestCheckUSCC(t *testing.T) {
	for text, want := range usccs {
		got := statute.CheckUSCC(text)
		if got.OK != want.ok || got.Normal != want.normal || !strings.Contains(got.Reason, want.reason) || got.OK != (got.Reason == "") {
			t.Errorf("%q = %+v, want %+v", text, got, want)
		}
	}
}

// A changed body symbol with its last symbol made right again is caught by the second check.
func TestCheckUSCCBody(t *testing.T) {
	const good = "91410100170051134L"
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for _, last := range alphabet {
		changed := good[:9] + "8" + good[10:17] + string(last)
		if v := statute.CheckUSCC(changed); v.OK {
			t.Errorf("%s passes", changed)
		} else if strings.Contains(v.Reason, "第9至17位") {
			return
		}
	}
	t.Error("no last symbol brought the body's own check to light")
}

func TestCheckID(t *testing.T) {
	for _, c := range []struct {
		text, normal, birth, sex, reason string
	}{
		{"11010519491231002X", "11010519491231002X", "1949-12-31", statute.Female, ""},
		{"440524188001010014", "440524188001010014", "1880-01-01", statute.Male, ""},
		{" 110105 19491231 002x ", "11010519491231002X", "1949-12-31", statute.Female, ""},
		{"110105194912310021", "110105194912310021", "1949-12-31", statute.Female, "校验不符"},
		{"110105194913310021", "110105194913310021", "", statute.Female, "出生日期不存在"},
		{"110105491231002", "110105491231002", "", "", "15位的旧身份证号码"},
		{"1101051949123100", "1101051949123100", "", "", "17位数字"},
		{"", "", "", "", "没有填写"},
	} {
		got := statute.CheckID(c.text)
		birth := ""
		if !got.Birth.IsZero() {
			birth = got.Birth.Format(time.DateOnly)
		}
		if got.Normal != c.normal || birth != c.birth || got.Sex != c.sex || !strings.Contains(got.Reason, c.reason) || got.OK != (c.reason == "") {
			t.Errorf("%q = %+v, want %+v", c.text, got, c)
		}
		if len(c.text) > 8 && strings.Contains(got.Reason, c.normal) {
			t.Errorf("the reason repeats the number: %s", got.Reason)
		}
	}
}

func TestAgeAt(t *testing.T) {
	for _, c := range []struct {
		birth, on string
		want      int
	}{
		{"2011-03-14", "2026-09-18", 15},
		{"2010-09-18", "2026-09-18", 16},
		{"2010-09-19", "2026-09-18", 15},
		{"2008-02-29", "2026-02-28", 17},
		{"2008-02-29", "2026-03-01", 18},
		{"2027-01-01", "2026-03-01", 0},
	} {
		if got := statute.AgeAt(day(t, c.birth), day(t, c.on)); got != c.want {
			t.Errorf("born %s, on %s: %d, want %d", c.birth, c.on, got, c.want)
		}
	}
}

func TestOtherIdentifiers(t *testing.T) {
	for _, c := range []struct {
		name         string
		check        func(string) statute.Verdict
		text, normal string
		ok           bool
	}{
		{"mobile", statute.CheckPhone, "138 0013 8000", "13800138000", true},
		{"mobile with country", statute.CheckPhone, "+86-138-0013-8000", "13800138000", true},
		{"mobile full width", statute.CheckPhone, "１３８００１３８０００", "13800138000", true},
		{"mobile too short", statute.CheckPhone, "1380013800", "1380013800", false},
		{"mobile of no carrier", statute.CheckPhone, "12800138000", "12800138000", false},
		{"landline", statute.CheckPhone, "0736-6622345", "0736-6622345", true},
		{"landline in brackets", statute.CheckPhone, "（0736）6622345", "0736-6622345", true},
		{"hotline", statute.CheckPhone, "12333", "12333", true},
		{"no phone", statute.CheckPhone, "", "", false},
		{"card", statute.CheckCard, "6222 0213 0002 0000 008", "6222021300020000008", false},
		{"card by Luhn", statute.CheckCard, "4111-1111-1111-1111", "4111111111111111", true},
		{"card of letters", statute.CheckCard, "62220213000A", "62220213000A", false},
		{"project", statute.CheckProjectCode, "2026-430725-47-01-123456", "2026-430725-47-01-123456", true},
		{"project without hyphens", statute.CheckProjectCode, "20264307254701123456", "2026-430725-47-01-123456", true},
		{"project too short", statute.CheckProjectCode, "2026-430725-47-01", "2026-430725-47-01", false},
		{"county", statute.CheckDivision, "430725", "430725", true},
		{"township", statute.CheckDivision, "430725101", "430725101", true},
		{"village", statute.CheckDivision, "430725101001", "430725101001", true},
		{"no division", statute.CheckDivision, "4307251", "4307251", false},
		{"grid", statute.CheckGrid, "430725101001001", "430725101001001", true},
		{"local grid", statute.CheckGrid, "漳江-03", "漳江-03", false},
		{"certificate", statute.CheckCertNo, "hn-07250012", "HN-07250012", true},
		{"short certificate", statute.CheckCertNo, "123", "123", false},
	} {
		v := c.check(c.text)
		if v.OK != c.ok || v.Normal != c.normal || v.OK != (v.Reason == "") {
			t.Errorf("%s: %q = %+v", c.name, c.text, v)
		}
	}
}

func TestMasks(t *testing.T) {
	for _, c := range []struct {
		mask       func(string) string
		text, want string
	}{
		{statute.MaskID, "11010519491231002X", "110105********002X"},
		{statute.MaskID, "110105491231002", "***********1002"},
		{statute.MaskID, "E1234", "***34"},
		{statute.MaskID, "", ""},
		{statute.MaskPhone, "13800138000", "138****8000"},
		{statute.MaskPhone, "0736-6622345", "**********45"},
		{statute.MaskCard, "6222021300020000008", "***************0008"},
		{statute.MaskCard, "0008", "**08"},
		{statute.LastFour, "6222021300020000008", "0008"},
		{statute.LastFour, "08", "08"},
	} {
		if got := c.mask(c.text); got != c.want {
			t.Errorf("%q → %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzCheckUSCC(f *testing.F) {
	for text := range usccs {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := statute.CheckUSCC(text)
		if again := statute.CheckUSCC(v.Normal); again != v {
			t.Fatalf("%q: %+v, its normal form: %+v", text, v, again)
		}
		if v.OK && len(v.Normal) != 18 {
			t.Fatalf("%q passes as %q", text, v.Normal)
		}
	})
}

func FuzzCheckID(f *testing.F) {
	for _, text := range []string{"11010519491231002X", "440524188001010014", "110105 19491231 002x", "１１０", "*"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id := statute.CheckID(text)
		if again := statute.CheckID(id.Normal); again != id {
			t.Fatalf("%q: %+v, its normal form: %+v", text, id, again)
		}
		if id.OK && (id.Birth.IsZero() || id.Sex == "") {
			t.Fatalf("%q passes without birth or sex", text)
		}
		if masked := statute.MaskID(id.Normal); id.OK && masked[6:14] != "********" {
			t.Fatalf("%q is masked as %s", text, masked)
		}
	})
}
