package statute

import (
	"strings"
	"time"
)

// Validity is the period and the region in which a row is the law.
type Validity struct {
	From   time.Time // first day, zero = since ever
	To     time.Time // last day, zero = still in force
	Region string    // "" = the whole country, "湖南", or "广东/深圳"
}

// Version names the row among its fellows, for the record of how a date was computed.
func (v Validity) Version() string {
	name := "初始"
	if !v.From.IsZero() {
		name = v.From.Format(time.DateOnly)
	}
	if v.Region != "" {
		name = v.Region + "@" + name
	}
	return name
}

// covers tells whether the row is in force on the civil day of t.
func (v Validity) covers(t time.Time) bool {
	day := civil(t)
	return !day.Before(v.From) && (v.To.IsZero() || !day.After(v.To))
}

func (v Validity) overlaps(o Validity) bool {
	startsBeforeEnd := func(a, b Validity) bool { return b.To.IsZero() || !a.From.After(b.To) }
	return v.Region == o.Region && startsBeforeEnd(v, o) && startsBeforeEnd(o, v)
}

// civil drops clock and zone: two instants of the same local day become equal.
func civil(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (r record) validity() Validity {
	v := Validity{From: r.date("valid_from"), To: r.date("valid_to"), Region: shortRegion(r.text("region"))}
	if !v.To.IsZero() && v.To.Before(v.From) {
		r.fail("valid_to", "失效日期早于生效日期，请更正")
	}
	return v
}

// versioned is one row of a table with its key and place.
type versioned[T any] struct {
	Validity
	line int
	row  T
}

// versions holds the rows of a table by key, in the order of the file.
type versions[T any] struct {
	keys []string
	rows map[string][]versioned[T]
}

// add files a row under key and reports an overlap with an earlier row of the same region.
func (vs *versions[T]) add(r record, key string, v Validity, row T) {
	if vs.rows == nil {
		vs.rows = map[string][]versioned[T]{}
	}
	for _, other := range vs.rows[key] {
		if v.overlaps(other.Validity) {
			r.fail("valid_from", "“%s”的有效期与第%d行重叠，请把其中一行的起止日期改开", key, other.line)
		}
	}
	if len(vs.rows[key]) == 0 {
		vs.keys = append(vs.keys, key)
	}
	vs.rows[key] = append(vs.rows[key], versioned[T]{v, r.line, row})
}

// at finds the row in force on a day: the one of the nearest region, from "省/市" outwards.
func (vs *versions[T]) at(key string, on time.Time, region string) (T, Validity, bool) {
	for _, region := range regions(region) {
		for _, v := range vs.rows[key] {
			if v.Region == region && v.covers(on) {
				return v.row, v.Validity, true
			}
		}
	}
	var none T
	return none, Validity{}, false
}

// regions lists a region and what lies around it: 广东/深圳, 广东, the whole country.
func regions(region string) []string {
	var all []string
	region = shortRegion(region)
	for region != "" {
		all = append(all, region)
		region = region[:max(strings.LastIndexByte(region, '/'), 0)]
	}
	return append(all, "")
}

// regionKinds are the words behind a name that a table or an office may leave out.
var regionKinds = []string{"壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"}

// shortRegion takes them off: 湖南省 is 湖南, 广东省/深圳市 is 广东/深圳.
func shortRegion(region string) string {
	if region == "" {
		return ""
	}
	parts := strings.Split(region, "/")
	for i, part := range parts {
		part = strings.TrimSpace(part)
		for _, kind := range regionKinds {
			if short := strings.TrimSuffix(part, kind); short != part && short != "" {
				part = short
				break
			}
		}
		parts[i] = part
	}
	return strings.Join(parts, "/")
}
