package model

import "time"

// KindContact is an entry of the contact log (联系记录).
const KindContact Kind = "contact"

// Ways of a contact.
const (
	ContactCall    = "电话"
	ContactMeet    = "当面"
	ContactMessage = "短信微信"
	ContactLetter  = "信函邮件"
)

// ContactWays lists the ways of a contact in the order they are offered.
func ContactWays() []string { return []string{ContactCall, ContactMeet, ContactMessage, ContactLetter} }

// States of a contact: whether the step agreed on is still to be done.
const (
	ContactOpen = "待跟进"
	ContactDone = "已跟进"
)

// Contact is one talk with somebody about a case, or with an employer or a site
// without a case. It is a note of the office's own work and no statement: what
// is to be proof is taken down as an interview.
type Contact struct {
	State    string    `json:"state"` // "" where nothing was agreed on
	Case     ID        `json:"case"`
	Employer ID        `json:"employer"`
	Site     ID        `json:"site"`
	At       time.Time `json:"at"`
	Way      string    `json:"way"`
	Person   string    `json:"person"`
	Role     string    `json:"role"` // whom the person speaks for: 劳资专管员, 投诉人
	Phone    string    `json:"phone"`
	Said     string    `json:"said"`
	Next     string    `json:"next"`    // what is to be done
	NextBy   Date      `json:"next_by"` // by when, "" for no day
	By       ID        `json:"by"`      // the officer who spoke
}

func (*Contact) Kind() Kind { return KindContact }

// Summary implements Record: a contact hangs on the employer, on the site where
// none is known.
func (c *Contact) Summary() Summary {
	s := Summary{State: c.State, Date: c.At, Case: c.Case, Parent: c.Employer, Find: []string{c.Person, c.Phone, c.Role, c.Said, c.Next}}
	if s.Parent == "" {
		s.Parent = c.Site
	}
	if c.State == ContactOpen {
		s.Due = c.NextBy
	}
	return s
}
