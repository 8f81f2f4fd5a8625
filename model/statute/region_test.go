package statute

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

func places(t testing.TB) *Places {
	t.Helper()
	ps, err := LoadPlaces(os.DirFS("../../assets/statute"))
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

func TestRegionIsKnownByAnyOfItsNames(t *testing.T) {
	ps := places(t)
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"湖南", "湖南"}, {" 湖南省 ", "湖南"}, {"内蒙古", "内蒙古"}, {"内蒙古自治区", "内蒙古"}, {"广西壮族自治区", "广西"}, {"新疆", "新疆"},
		{"北京市", "北京"}, {"重庆", "重庆"}, {"香港特别行政区", "香港"}, {"吉林", "吉林"}, {"吉林市", "吉林"}, {"海南", "海南"},
		{"桃源县", "湖南"}, {"桃源", "湖南"}, {"常德市", "湖南"}, {"湖南省桃源县", "湖南"}, {"湖南省常德市桃源县", "湖南"}, {"常德市桃源县", "湖南"}, {"湖南常德", "湖南"},
		{"深圳", "广东/深圳"}, {"广东省深圳市", "广东/深圳"}, {"广东/深圳", "广东/深圳"}, {"广东省/深圳市", "广东/深圳"}, {"深圳市南山区", "广东/深圳"}, {"广东省东莞市", "广东/东莞"},
		{"青岛", "山东/青岛"}, {"湖北/贫困县", "湖北/贫困县"}, {"江苏省鼓楼区", "江苏"}, {"重庆市万州区", "重庆"},
		{"430725", "湖南"}, {"４３０７２５", "湖南"}, {"430725101", "湖南"}, {"430725101201", "湖南"}, {"440305", "广东/深圳"}, {"430000", "湖南"}, {"439999", "湖南"}, {"110101", "北京"},
	} {
		if got := ps.Region(c.text); !got.OK || got.Normal != c.want {
			t.Errorf("%q: %+v, want %q", c.text, got, c.want)
		}
	}
}

func TestRegionThatIsNoneIsAnsweredWithWhatToWrite(t *testing.T) {
	ps := places(t)
	for _, c := range []struct {
		text string
		says []string
	}{
		{"胡南", []string{"没有名为“胡南”的地区", "湖南", "6位行政区划代码"}},
		{"湖南生", []string{"湖南省"}},
		{"桃园县", []string{"桃源县"}},
		{"湖南省桃园县", []string{"没有名为“湖南省桃园县”的地区"}},
		{"火星", []string{"没有名为“火星”的地区", "如“湖南”"}},
		{"鼓楼区", []string{"不止一处", "江苏", "福建"}},
		{"990101", []string{"没有以“99”开头的行政区划代码"}},
		{"12345", []string{"没有名为“12345”的地区"}},
	} {
		got := ps.Region(c.text)
		if got.OK {
			t.Errorf("%q is taken for %q", c.text, got.Normal)
		}
		for _, want := range c.says {
			if !strings.Contains(got.Reason, want) {
				t.Errorf("%q: %q does not say %q", c.text, got.Reason, want)
			}
		}
	}
}

// Every region that a table has rows for is one an office can name.
func TestRegionsOfTheTablesAreKnown(t *testing.T) {
	ps := places(t)
	law, err := Load(os.DirFS("../../assets/statute"))
	if err != nil {
		t.Fatal(err)
	}
	check := func(region string) {
		if got := ps.Region(region); !got.OK || got.Normal != region {
			t.Errorf("the tables have rows of %q, which is read as %+v", region, got)
		}
	}
	eachRegion(law.clocks, check)
	eachRegion(law.parameters, check)
	eachRegion(law.documents, check)
	eachRegion(law.criminal, check)
	eachRegion(law.fines, check)
	eachRegion(law.transitions, check)
	eachRegion(law.tiers, check)
	for _, a := range law.authorities {
		check(a.Region)
	}
}

func eachRegion[T any](vs versions[T], see func(string)) {
	for _, rows := range vs.rows {
		for _, v := range rows {
			see(v.Region)
		}
	}
}

// Reading what was read changes nothing, and what is not OK says why.
func TestRegionIsReadOnce(t *testing.T) {
	ps := places(t)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(ps.list).Draw(t, "place")
		text := rapid.SampledFrom([]string{p.code, p.name, p.short(), ps.province[p.code[:2]].name + p.name, ps.province[p.code[:2]].short() + "/" + p.short()}).Draw(t, "text")
		got := ps.Region(text)
		switch {
		case !got.OK:
			if !strings.HasSuffix(got.Reason, "。") {
				t.Fatalf("%q: the reason %q", text, got.Reason)
			}
		case ps.Region(got.Normal) != got:
			t.Fatalf("%q is %+v, and that %+v", text, got, ps.Region(got.Normal))
		case text == p.code && !strings.HasPrefix(got.Normal, ps.province[p.code[:2]].short()):
			t.Fatalf("%s of %s is %q", p.name, ps.province[p.code[:2]].name, got.Normal)
		}
	})
}

func FuzzRegion(f *testing.F) {
	ps := places(f)
	for _, text := range []string{"湖南", "430725", "广东/深圳", "／", "省", "\xff", "1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := ps.Region(text); got.OK == (got.Reason != "") {
			t.Errorf("%q: %+v", text, got)
		}
	})
}

func TestPlacesNameTheirFaults(t *testing.T) {
	for _, c := range []struct{ rows, want string }{
		{"code,name\n", "region"},
		{"code,name,region\n43000,湖南省,\n", "divisions.csv 第2行“code”列：应为6位数字"},
		{"code,name,region\n430000,,\n", "“name”列：不能为空"},
		{"code,name,region\n430700,常德市,\n", "缺少“常德市”所在的省份"},
	} {
		_, err := LoadPlaces(fstest.MapFS{"divisions.csv": {Data: []byte(c.rows)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.rows, err, c.want)
		}
	}
}
