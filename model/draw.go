package model

import "time"

// KindDraw is a random draw of who is inspected and by whom (双随机、一公开).
const KindDraw Kind = "draw"

// What a draw is made of.
const (
	DrawEmployers = "用人单位"
	DrawSites     = "在建项目"
)

// States of a draw: whether the results of all its visits were made public.
const (
	DrawOpen      = "待公示"
	DrawPublished = "已公示"
)

// Draw is one random draw of units and of officers for them, as it fell. What
// it was drawn from, the seed and what was drawn stand here, so that anybody
// can draw again and must come to the same. It is never changed but for its
// publications.
type Draw struct {
	State    string    `json:"state"`
	Name     string    `json:"name"`
	Matter   string    `json:"matter"`   // 检查事项
	Of       string    `json:"of"`       // 用人单位, 在建项目
	Grid     string    `json:"grid"`     // units of this grid and those below it, "" for all
	Industry string    `json:"industry"` // units of this industry, "" for all
	Partners string    `json:"partners"` // offices that inspect with this one, "" for none
	SkipSeen bool      `json:"skip_seen"`
	Weighted bool      `json:"weighted"` // by the grade of good faith
	Pick     int       `json:"pick"`     // how many units are drawn
	Begin    time.Time `json:"begin"`    // when the first visits are to be made
	Seed     string    `json:"seed"`
	// What was drawn from, in the order it was drawn from.
	Units    []DrawUnit `json:"units"`
	Officers []ID       `json:"officers"`
	Recusals []Recusal  `json:"recusals,omitempty"`
	Hash     string     `json:"hash"` // SHA-256 in hex over what was drawn from and the seed
	DrawnAt  time.Time  `json:"drawn_at"`
	DrawnBy  ID         `json:"drawn_by"`
	Pairs    []DrawPair `json:"pairs"`
	// Published are the times results were made public.
	Published []Publication `json:"published,omitempty"`
}

// DrawUnit is a unit that could be drawn.
type DrawUnit struct {
	ID     ID     `json:"id"` // an employer's, or a site's
	Grade  string `json:"grade,omitempty"`
	Weight int    `json:"weight"`
}

// Recusal keeps an officer from a unit (行政处罚法 43).
type Recusal struct {
	Officer ID     `json:"officer"`
	Unit    ID     `json:"unit"`
	Reason  string `json:"reason"`
}

// DrawPair is a unit that was drawn, its two officers, and the visit planned.
type DrawPair struct {
	Unit     ID   `json:"unit"`
	Officers []ID `json:"officers"`
	Visit    ID   `json:"visit"`
}

// Publication is one time that results of a draw were made public.
type Publication struct {
	At     time.Time `json:"at"`
	By     ID        `json:"by"`
	Where  string    `json:"where"`  // the site or board, with its address
	Visits []ID      `json:"visits"` // whose results
}

func (*Draw) Kind() Kind { return KindDraw }

// Summary implements Record.
func (d *Draw) Summary() Summary {
	return Summary{State: d.State, Date: d.DrawnAt, Count: len(d.Pairs), Find: []string{d.Name, d.Matter, d.Seed, d.Hash}}
}

// Shown tells whether the result of a visit was made public.
func (d *Draw) Shown(visit ID) bool {
	for _, p := range d.Published {
		for _, id := range p.Visits {
			if id == visit {
				return true
			}
		}
	}
	return false
}
