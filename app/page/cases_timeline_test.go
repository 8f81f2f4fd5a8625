package page

import (
	"fmt"
	"testing"
	"time"

	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// TestTimelineTellsEverything: where the case came from, what was taken in and
// said, and who has a part in it; of a long one the rest is shown when asked for.
func TestTimelineTellsEverything(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.recordedVisit()
			c := only[model.Case](w)
			for i := range linesAtOnce + 5 {
				_, err := w.env.Desk.NoteContact(t.Context(), "", "", model.Contact{Case: c.ID, At: w.clock.Now().Add(time.Duration(i-1000) * time.Hour),
					Way: model.ContactMeet, Person: "周班长", Said: fmt.Sprintf("第%d次来问", i)})
				sure(t, err)
			}
			uitest.Language(t, tag)
			p := NewCases(w.env, string(c.ID))
			w.show(p)
			w.wide()
			w.screen.Capture("case-long-" + tag)
			w.screen.MustSee(lang.T("cases.people"), lang.T("cases.people.lead"), "周班长", "劳动保障监察现场检查笔录", lang.T("cases.lead.received"))
			if w.screen.Sees("第0次来问") {
				t.Error("the whole of a long timeline is drawn at once")
			}
			d := p.shown.(*caseDetail)
			all, err := d.readStory(t.Context())
			sure(t, err)
			w.screen.Tap(lang.T("page.more", "n", len(d.timeline(all))-linesAtOnce))
			w.screen.MustSee("第0次来问")
			w.screen.Tap(lang.T("cases.next"))
			w.screen.MustSee(lang.T("cases.moves.closed"))
		})
	}
}
