package statute

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Places are the divisions of the country down to counties (GB/T 2260), to tell which
// region's rows of the tables hold for an office.
type Places struct {
	list     []place
	byCode   map[string]place
	province map[string]place // by the two digits a code begins with
}

// place is one division.
type place struct {
	code, name, region string
}

// short is the name as people say it: 湖南, 深圳, 桃源. A name of two characters stays whole.
func (p place) short() string {
	for _, kind := range []string{"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "地区", "林区", "省", "市", "盟", "县", "区"} {
		if s := strings.TrimSuffix(p.name, kind); s != p.name && len([]rune(s)) > 1 {
			return s
		}
	}
	return p.name
}

func (p place) called(text string) bool { return text == p.name || text == p.short() }

func (p place) isProvince() bool { return strings.HasSuffix(p.code, "0000") && p.region == "" }

// within tells whether a place lies in another, by their codes.
func (p place) within(outer place) bool {
	return strings.HasPrefix(p.code, strings.TrimSuffix(strings.TrimSuffix(outer.code, "00"), "00"))
}

// LoadPlaces reads divisions.csv at the root of fsys; the error wraps a [*TableError].
func LoadPlaces(fsys fs.FS) (*Places, error) {
	t, err := readTable(fsys, "divisions.csv", "code", "name", "region")
	if err != nil {
		return nil, fmt.Errorf("行政区划表有错误：%w", err)
	}
	ps := &Places{byCode: map[string]place{}, province: map[string]place{}}
	for _, r := range t.records {
		p := place{r.need("code"), r.need("name"), r.text("region")}
		if !divisionForm.MatchString(p.code) {
			r.fail("code", "应为6位数字，请更正")
			break
		}
		if _, known := ps.byCode[p.code]; !known {
			ps.byCode[p.code] = p
		}
		if p.isProvince() {
			ps.province[p.code[:2]] = p
		}
		ps.list = append(ps.list, p)
	}
	for _, p := range ps.list {
		if _, ok := ps.province[p.code[:2]]; !ok {
			return nil, fmt.Errorf("行政区划表有错误：divisions.csv 缺少“%s”所在的省份，请补上", p.name)
		}
	}
	return ps, t.fault
}

// Region judges what an office writes as its region and gives it as the tables write it:
// 湖南, or 广东/深圳 where a city has rows of its own. A province in full or in short, a
// city or county with or without its province, and a division code of 6, 9 or 12 digits
// all name one; the empty text is the whole country. What names none or several is not OK,
// and the reason says what to write.
func (ps *Places) Region(text string) Verdict {
	asked := compact(text)
	if asked == "" {
		return pass("")
	}
	if divisionForm.MatchString(asked) {
		return ps.byNumber(asked)
	}
	asked = strings.ReplaceAll(asked, "／", "/")
	found := ps.named(strings.ReplaceAll(asked, "/", ""))
	switch len(found) {
	case 1:
		return pass(found[0])
	case 0:
		return doubt(asked, fmt.Sprintf("没有名为“%s”的地区，%s请写省、自治区、直辖市的名称，如“湖南”，或者市、县的名称或6位行政区划代码。", asked, ps.nearest(asked)))
	}
	return doubt(asked, fmt.Sprintf("“%s”不止一处，请写明省份：%s。", asked, strings.Join(found, "、")))
}

func (ps *Places) byNumber(code string) Verdict {
	for _, at := range []string{code[:6], code[:4] + "00"} {
		if p, ok := ps.byCode[at]; ok {
			return pass(ps.regionOf(p))
		}
	}
	if p, ok := ps.province[code[:2]]; ok {
		return pass(p.short())
	}
	return doubt(code, fmt.Sprintf("没有以“%s”开头的行政区划代码，请核对，或者写省份名称，如“湖南”。", code[:2]))
}

// regionOf is the nearest region with rows of its own around a place: the city it lies in,
// else its province.
func (ps *Places) regionOf(p place) string {
	if p.region != "" {
		return p.region
	}
	if city := ps.byCode[p.code[:4]+"00"]; city.region != "" {
		return city.region
	}
	return ps.province[p.code[:2]].short()
}

// named lists the regions a name may mean: of a province, of a place in a province that
// is named before it, or of a place alone.
func (ps *Places) named(text string) (regions []string) {
	add := func(p place) {
		if r := ps.regionOf(p); !slices.Contains(regions, r) {
			regions = append(regions, r)
		}
	}
	for _, province := range ps.province {
		if province.called(text) {
			return []string{province.short()}
		}
		for _, name := range []string{province.name, province.short()} {
			if rest, ok := strings.CutPrefix(text, name); ok {
				ps.among(province, rest, add)
				break
			}
		}
	}
	if len(regions) == 0 {
		ps.among(place{}, text, add)
	}
	slices.Sort(regions)
	return regions
}

// among finds the places of a name within another: 桃源县, 常德市, 常德市桃源县.
func (ps *Places) among(outer place, text string, add func(place)) {
	for _, p := range ps.list {
		if !p.within(outer) || p.isProvince() {
			continue
		}
		if p.called(text) {
			add(p)
			continue
		}
		rest, ok := strings.CutPrefix(text, p.name)
		if ok && strings.HasSuffix(p.code, "00") && slices.ContainsFunc(ps.list, func(county place) bool { return county.within(p) && county.called(rest) }) {
			add(p)
		}
	}
}

// mostNear is how many likely names are told.
const mostNear = 3

// nearest names places that are written much like a text, provinces first, as the middle
// of a sentence; "" for none.
func (ps *Places) nearest(text string) string {
	var near []string
	long := len([]rune(text))
	for _, most := range []int{1, 2} {
		for _, p := range slices.Concat(ps.provinces(), ps.list) {
			for _, name := range []string{p.short(), p.name} {
				n := len([]rune(name))
				if len(near) < mostNear && n > most && n-long <= most && long-n <= most && apart(text, name) <= most && !slices.Contains(near, name) {
					near = append(near, name)
				}
			}
		}
		if len(near) > 0 {
			return "是不是“" + strings.Join(near, "”“") + "”？"
		}
	}
	return ""
}

func (ps *Places) provinces() (out []place) {
	for _, p := range ps.list {
		if p.isProvince() {
			out = append(out, p)
		}
	}
	return out
}

// apart counts the characters to change, add or leave out from one text to the other.
func apart(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
