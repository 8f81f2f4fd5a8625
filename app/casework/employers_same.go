package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"anxin/model"
	"anxin/model/pinyin"
	"anxin/model/statute"
)

// Why two records may be of the same thing, the surest first.
const (
	SameCode   = "code"   // one credit code, one permit
	SameName   = "name"   // one name but for 有限公司, brackets and blanks
	SamePhone  = "phone"  // one phone, and names that sound alike
	SameNumber = "number" // one project code
)

// Likeness is two records that may be of the same employer or site.
type Likeness struct {
	Kind                   model.Kind
	Earlier, Later         model.ID
	EarlierName, LaterName string
	Why                    []string // SameCode, …
}

// likeness is what records are found alike by.
type likeness struct {
	id       model.ID
	name     string
	twin     model.Twin
	by       map[string]string // why → key; "" says nothing
	phone    string
	initials string
}

// Alike finds the records of a kind (employer, site) that may be of the same
// thing and were not told apart. Merged ones are left out.
func (d *Desk) Alike(ctx context.Context, kind model.Kind) ([]Likeness, error) {
	var list []likeness
	switch kind {
	case model.KindEmployer:
		heads, err := all[model.Employer](ctx, d, model.Query{})
		if err != nil {
			return nil, err
		}
		for _, k := range heads {
			list = append(list, likenessOf(k.ID, k.Value.Name, k.Value.Twin, k.Value.Phone, map[string]string{SameCode: statute.CheckUSCC(k.Value.USCC).Normal}))
		}
	case model.KindSite:
		heads, err := all[model.Site](ctx, d, model.Query{})
		if err != nil {
			return nil, err
		}
		for _, k := range heads {
			list = append(list, likenessOf(k.ID, k.Value.Name, k.Value.Twin, k.Value.Phone,
				map[string]string{SameCode: squash(k.Value.PermitNo), SameNumber: squash(k.Value.ProjectCode)}))
		}
	}
	return pairs(kind, list), nil
}

func likenessOf(id model.ID, name string, twin model.Twin, phone string, by map[string]string) likeness {
	by[SameName] = coreName(name)
	l := likeness{id: id, name: name, twin: twin, by: by, initials: pinyin.Initials(coreName(name))}
	if v := statute.CheckPhone(phone); v.OK {
		l.phone = v.Normal
	}
	return l
}

// pairs puts those alike together, the surest first and otherwise by name.
func pairs(kind model.Kind, list []likeness) []Likeness {
	list = slices.DeleteFunc(list, func(l likeness) bool { return l.twin.StandsFor(l.id) != "" })
	slices.SortFunc(list, func(a, b likeness) int { return cmp.Compare(a.id, b.id) })
	found := map[[2]model.ID]*Likeness{}
	note := func(a, b likeness, why string) {
		if slices.Contains(a.twin.Distinct, b.id) || slices.Contains(b.twin.Distinct, a.id) {
			return
		}
		key := [2]model.ID{a.id, b.id}
		if found[key] == nil {
			found[key] = &Likeness{Kind: kind, Earlier: a.id, Later: b.id, EarlierName: a.name, LaterName: b.name}
		}
		found[key].Why = append(found[key].Why, why)
	}
	for _, why := range []string{SameCode, SameNumber, SameName} {
		eachPair(list, func(l likeness) string { return l.by[why] }, func(a, b likeness) { note(a, b, why) })
	}
	eachPair(list, func(l likeness) string { return l.phone }, func(a, b likeness) {
		if soundAlike(a, b) {
			note(a, b, SamePhone)
		}
	})
	out := make([]Likeness, 0, len(found))
	for _, l := range found {
		out = append(out, *l)
	}
	rank := map[string]int{SameCode: 0, SameNumber: 1, SameName: 2, SamePhone: 3}
	slices.SortFunc(out, func(a, b Likeness) int {
		return cmp.Or(cmp.Compare(rank[a.Why[0]], rank[b.Why[0]]), cmp.Compare(a.EarlierName, b.EarlierName), cmp.Compare(a.Earlier, b.Earlier), cmp.Compare(a.Later, b.Later))
	})
	return out
}

// mostAlike keeps a key that says nothing, such as the phone of an agency that
// registers for everybody, from pairing all with all.
const mostAlike = 20

// eachPair hands over the pairs that share a key, the earlier first.
func eachPair(list []likeness, key func(likeness) string, do func(a, b likeness)) {
	groups := map[string][]likeness{}
	for _, l := range list {
		if k := key(l); k != "" {
			groups[k] = append(groups[k], l)
		}
	}
	for _, g := range groups {
		g = g[:min(len(g), mostAlike)]
		for i := range g {
			for j := i + 1; j < len(g); j++ {
				do(g[i], g[j])
			}
		}
	}
}

// coreName is a name without what different hands write differently: blanks,
// kinds of brackets and the words for a company's form.
func coreName(name string) string {
	text := strings.ToUpper(squash(name))
	for _, word := range []string{"股份有限公司", "有限责任公司", "有限公司", "责任公司", "公司"} {
		text = strings.ReplaceAll(text, word, "")
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("()[]【】〔〕“”\"'·．.-－—_,，、", r) {
			return -1
		}
		return r
	}, text)
}

// soundAlike: by their initials the names are the same, one holds the other, or
// they are one letter apart.
func soundAlike(a, b likeness) bool {
	x, y := a.initials, b.initials
	if x == "" || y == "" {
		return false
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	return len(x) >= 3 && (strings.Contains(y, x) || oneApart([]rune(x), []rune(y)))
}

// oneApart tells whether one letter changed, missing or added makes x out of y;
// x is not the longer.
func oneApart(x, y []rune) bool {
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return i == len(x) || slices.Equal(x[i+1:], y[i+1:])
	}
	return slices.Equal(x[i:], y[i+1:])
}
