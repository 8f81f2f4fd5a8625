package office

import (
	"sync"

	"anxin/assets"
	"anxin/model/statute"
)

// places are read when a region is first asked about.
var places = sync.OnceValues(func() (*statute.Places, error) { return statute.LoadPlaces(assets.Statute) })

// Region judges what is written as the region of an office and gives it as the tables
// of the law write it; see [statute.Places.Region]. It needs no open office.
func Region(text string) statute.Verdict {
	ps, err := places()
	if err != nil {
		return statute.Verdict{Reason: err.Error(), Normal: text}
	}
	return ps.Region(text)
}
