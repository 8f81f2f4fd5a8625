// Package statute is the law as tables and arithmetic: the working-day calendar, the clocks
// that run from an act, thresholds and lists, identifiers, amounts in figures and in words,
// the catalogue of documents, and the rules on who may act and how a paper is served.
//
// What can change — a length, a threshold, a title, an article — is a row of a CSV table an
// office can read and edit. Each row names its article and how far it was verified (see
// [Mark]), and is valid in a period and a region. The Go code holds only the arithmetic.
//
// The package refuses a faulty table when it is loaded, naming file and line. It never asks
// for the present time, keeps no record, and blocks nothing: it returns findings with a
// reason and the article, and the caller decides what to enforce.
//
// Money is [Fen], an integer number of fen. Dates are time.Time values whose day counts in
// their own zone; results keep that zone.
package statute

import (
	"fmt"
	"io/fs"
)

// Law is the set of tables in force at an office. It is not changed after loading and is
// safe for use from several goroutines.
type Law struct {
	Calendar *Calendar

	clocks       versions[Clock]
	parameters   versions[Parameter]
	documents    versions[Document]
	gates        map[string]Gate
	gateKeys     []string
	criminal     versions[criminalRow]
	rules        []RuleSet
	fines        versions[FineRange]
	services     []ServiceMode
	transitions  versions[Transition]
	matters      []Matter
	tiers        versions[Tier]
	authorities  []authorityVersion
	dictionaries map[string][]Term
}

// Load reads every table below the root of fsys. The error wraps a [*TableError], a
// sentence naming file, line and cure; the first faulty table ends the loading, since the
// tables after it may rest on it.
func Load(fsys fs.FS) (*Law, error) {
	law := &Law{}
	steps := []func(fs.FS) error{
		law.loadCalendar,
		law.loadDictionaries, // before the tables that use their codes
		law.loadParameters,
		law.loadClocks,
		law.loadGates,
		law.loadDocuments, // after clocks and gates
		law.loadCriminal,
		law.loadRules,
		law.loadFines,
		law.loadServices,
		law.loadTransitions, // after documents, clocks and gates
		law.loadMatters,
		law.loadDiscretion, // after fines
		law.loadAuthorities,
	}
	for _, step := range steps {
		if err := step(fsys); err != nil {
			return nil, fmt.Errorf("法律数据表有错误：%w", err)
		}
	}
	return law, nil
}
