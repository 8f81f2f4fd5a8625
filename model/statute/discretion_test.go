package statute

import (
	"strings"
	"testing"
	"time"
)

func shippedLaw(t testing.TB) *Law {
	t.Helper()
	law, err := Load(shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	return law
}

func onDay(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestTiersCoverTheRange(t *testing.T) {
	law := shippedLaw(t)
	on := onDay("2026-09-18")
	for _, key := range law.FineKeys() {
		f, err := law.Fine(key, on, "")
		if err != nil {
			t.Fatal(err)
		}
		tiers := law.Tiers(key, on, "")
		if f.Low == f.High {
			continue
		}
		if len(tiers) != 5 || tiers[0].Low != f.Low || tiers[4].High != f.High {
			t.Errorf("%s: %d tiers from %v to %v", key, len(tiers), tiers, f)
			continue
		}
		for i := 1; i < 5; i++ {
			if tiers[i].Low != tiers[i-1].High {
				t.Errorf("%s: a gap between %s and %s", key, tiers[i-1].Name, tiers[i].Name)
			}
		}
		for _, tier := range tiers {
			if tier.Mark != Knowledge || !tier.Setting || tier.Condition == "" {
				t.Errorf("%s %s: %+v", key, tier.Name, tier.Source)
			}
		}
	}
}

func TestJudgeFine(t *testing.T) {
	law := shippedLaw(t)
	on := onDay("2026-09-18")
	for _, c := range []struct {
		name   string
		p      Proposal
		lawful bool
		rule   string
		low    Fen
		high   Fen
	}{
		{"in its tier", Proposal{[]string{"wage.unit"}, "轻微", 2_100_000, 0, ""}, true, "wage.unit", 2_000_000, 2_300_000},
		{"on the edge", Proposal{[]string{"wage.unit"}, "轻微", 2_300_000, 0, ""}, true, "wage.unit", 2_000_000, 2_300_000},
		{"a fen over", Proposal{[]string{"wage.unit"}, "轻微", 2_300_001, 0, ""}, false, "wage.unit", 2_000_000, 2_300_000},
		{"over with a reason", Proposal{[]string{"wage.unit"}, "轻微", 2_300_001, 0, "拖欠人数多"}, true, "wage.unit", 2_000_000, 2_300_000},
		{"a reason of blanks", Proposal{[]string{"wage.unit"}, "轻微", 2_300_001, 0, "  "}, false, "wage.unit", 2_000_000, 2_300_000},
		{"over the law's range", Proposal{[]string{"wage.unit"}, "严重", 5_000_001, 0, "从重"}, false, "wage.unit", 4_400_000, 5_000_000},
		{"no tier", Proposal{[]string{"wage.unit"}, "", 3_000_000, 0, ""}, false, "wage.unit", 0, 0},
		{"for each worker", Proposal{[]string{"hours"}, "一般", 28 * 25_000, 28, ""}, true, "hours", 28 * 22_000, 28 * 34_000},
		{"percent of a base", Proposal{[]string{"insurance.base"}, "轻微", 11_000, 10_000, ""}, true, "insurance.base", 10_000, 12_000},
		{"one act, the higher rule", Proposal{[]string{"obstruction", "wage.unit"}, "一般", 3_000_000, 0, ""}, true, "wage.unit", 2_900_000, 3_800_000},
		{"the lower rule's fine", Proposal{[]string{"obstruction", "wage.unit"}, "一般", 1_000_000, 0, ""}, false, "wage.unit", 2_900_000, 3_800_000},
		{"a fixed fine", Proposal{[]string{"child"}, "", 500_000, 1, ""}, true, "child", 0, 0},
	} {
		j, err := law.JudgeFine(c.p, on, "湖南")
		if err != nil || j.Lawful() != c.lawful || j.Rule.Key != c.rule || j.Low != c.low || j.High != c.high {
			t.Errorf("%s: %v %s %d-%d %v", c.name, j.Lawful(), j.Rule.Key, j.Low, j.High, err)
		}
		for _, r := range j.Reasons {
			if r.Text == "" || r.Article == "" {
				t.Errorf("%s: a reason without its words: %+v", c.name, r)
			}
		}
	}
	for _, rules := range [][]string{nil, {"horse"}} {
		if _, err := law.JudgeFine(Proposal{Rules: rules}, on, ""); err == nil {
			t.Errorf("judged by %v", rules)
		}
	}
}

// A rule changed in its table judges acts from its date on; older acts stay
// under the older one, and each judgement names the version.
func TestAChangedRuleJudgesFromItsDate(t *testing.T) {
	tables := shipped(t)
	change := func(file, old, with string) {
		text := string(tables[file].Data)
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		tables[file].Data = []byte(strings.Replace(text, old, with, 1))
	}
	change("fines.csv", "obstruction,阻挠监察、拒不提供资料、拒不改正、打击报复,case,2000,20000,no,《劳动保障监察条例》第三十条,V,,,,",
		"obstruction,阻挠监察,case,2000,20000,no,《劳动保障监察条例》第三十条,V,,2026-12-31,,\nobstruction,阻挠监察,case,5000,50000,no,《劳动保障监察条例》（修订）第三十条,V,2027-01-01,,,")
	change("clocks.csv", "case.investigate,完成案件调查,立案,60,W,,none,《劳动保障监察条例》第十七条,V,2004-12-01,,,",
		"case.investigate,完成案件调查,立案,60,W,,none,《劳动保障监察条例》第十七条,V,2004-12-01,2026-12-31,,\ncase.investigate,完成案件调查,立案,30,W,,none,《劳动保障监察条例》第十七条,V,2027-01-01,,,")
	change("discretion.csv", "obstruction,严重,拒不改正、引发群体性事件，或者二年内曾因同类行为被处罚,16400,20000,本地区行政处罚裁量基准,K,,,,",
		"obstruction,严重,拒不改正,16400,20000,本地区行政处罚裁量基准,K,,2026-12-31,,\nobstruction,严重,拒不改正,40000,50000,本地区行政处罚裁量基准,K,2027-01-01,,,")
	change("rules.csv", "publication,2017,any,child_labour", "# publication,2017,any,child_labour")
	law, err := Load(tables)
	if err != nil {
		t.Fatal(err)
	}
	p := Proposal{Rules: []string{"obstruction"}, Tier: "严重", Fine: 4_500_000}
	for _, c := range []struct {
		act     string
		inRange bool
		version string
		days    int
	}{
		{"2026-12-31", false, "obstruction@初始，严重@初始", 60},
		{"2027-01-01", true, "obstruction@2027-01-01，严重@2027-01-01", 30},
	} {
		j, err := law.JudgeFine(p, onDay(c.act), "")
		if err != nil || j.InRange != c.inRange || j.Version != c.version || j.Lawful() != c.inRange {
			t.Errorf("%s: %v %q %v", c.act, j.InRange, j.Version, err)
		}
		d, err := law.Due("case.investigate", onDay(c.act), "")
		if err != nil || d.Rule.Length != c.days {
			t.Errorf("%s: %d days %v", c.act, d.Rule.Length, err)
		}
	}
	j, err := law.PublicationCandidate(Conduct{ChildLabour: true, Decided: true}, onDay("2026-01-01"), "")
	if err != nil || j.Met || j.Version != "2017" {
		t.Errorf("a condition taken out of its table still holds: %+v %v", j, err)
	}
}

func TestLeniency(t *testing.T) {
	law := shippedLaw(t)
	on := onDay("2026-09-18")
	for _, c := range []struct {
		name    string
		conduct Conduct
		met     bool
		says    string
	}{
		{"first, slight, corrected", Conduct{FirstOffence: true, SlightHarm: true, Corrected: true}, true, "初次违法"},
		{"no harm counts as slight", Conduct{FirstOffence: true, NoHarm: true, Corrected: true}, true, "初次违法"},
		{"minor, corrected, no harm", Conduct{Minor: true, NoHarm: true, Corrected: true}, true, "轻微"},
		{"without fault", Conduct{Faultless: true}, true, "主观过错"},
		{"not corrected", Conduct{FirstOffence: true, SlightHarm: true}, false, "及时改正"},
		{"a second time", Conduct{SlightHarm: true, Corrected: true}, false, "初次违法"},
		{"child labour", Conduct{FirstOffence: true, SlightHarm: true, Corrected: true, ChildLabour: true}, false, "童工"},
		{"wages kept in bad faith", Conduct{FirstOffence: true, SlightHarm: true, Corrected: true, WilfulArrears: true}, false, "恶意拖欠"},
	} {
		j, err := law.Leniency(c.conduct, on, "湖南")
		var words string
		for _, r := range append(append(j.Reasons, j.Missing...), j.Barred...) {
			words += r.Text
		}
		if err != nil || j.Met != c.met || !strings.Contains(words, c.says) || j.Version != "2021" {
			t.Errorf("%s: %+v %v", c.name, j, err)
		}
	}
	if _, err := law.Leniency(Conduct{}, onDay("2020-01-01"), ""); err == nil {
		t.Error("leniency before its law")
	}
}

func TestFaultyFlowTables(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"transitions.csv", "case,调查,调查终结", "case,侦查,调查终结", "transitions.csv 第17行“from”列：“侦查”不是可用的值"},
		{"transitions.csv", "case,调查,调查终结", "case,调查,侦查终结", "“to”列"},
		{"transitions.csv", "D26,extend_in_time", "D99,extend_in_time", "文书目录中没有“D99”"},
		{"transitions.csv", "D26,extend_in_time", "D26,extend_late", "没有名为“extend_late”的条目"},
		{"transitions.csv", "extend_in_time,approver", "extend_in_time,boss", "“boss”不是可用的身份"},
		{"transitions.csv", "extend_in_time,approver", "extend_in_time,", "“who”列：不能为空"},
		{"transitions.csv", "approver,case.investigate", "approver,case.guess", "没有名为“case.guess”的期限"},
		{"transitions.csv", "case,责令改正,责令改正", "case,调查,调查", "的有效期与第10行重叠"},
		{"matters.csv", "法制审核,同意,pass", "法制审核,同意,maybe", "“effect”列：“maybe”不是可用的值"},
		{"matters.csv", "法制审核,修改", "法制审核,同意", "“法制审核”的“同意”重复"},
		{"matters.csv", "reviewer,D12", "reviewer,D77", "文书目录中没有“D77”"},
		{"discretion.csv", "wage.unit,轻微", "wage.units,轻微", "discretion.csv 第3行“rule”列：没有名为“wage.units”的罚款幅度"},
		{"discretion.csv", "wage.unit,轻微", "wage.unit,微微", "“tier”列"},
		{"discretion.csv", ",20000,23000,", ",10000,23000,", "裁量阶次应在法定幅度以内"},
		{"discretion.csv", ",23000,29000,", ",22000,29000,", "“较轻”的下限低于“轻微”的上限"},
		{"authority.csv", "*,,01", "*,,99", "authority.csv 第3行“authority”列：没有代码为“99”的部门"},
		{"authority.csv", "*,,01", "C40,,01", "authority.csv：缺少“*”一行"},
		{"authority.csv", "C01,交通,03", "C01,房屋市政,03", "的有效期与第4行重叠"},
		{"gates.csv", "block,file,少于2人", "block,file,少于3人", "“knockout”列：“少于3人”不是可用的值"},
		{"gates.csv", "block,file,少于2人", "block,often,少于2人", "“check”列"},
	} {
		tables := shipped(t)
		text := string(tables[c.file].Data)
		if !strings.Contains(text, c.old) {
			t.Errorf("%s has no %q to spoil", c.file, c.old)
			continue
		}
		tables[c.file].Data = []byte(strings.Replace(text, c.old, c.new, 1))
		if _, err := Load(tables); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.file) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}
