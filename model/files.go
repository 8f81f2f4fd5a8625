package model

// Files are the hashes of the files a body speaks of: what evidence is, the
// paper a document was issued as, the workbook of a wage roll. Content this
// program cannot read names none.
func Files(kind Kind, body []byte) []string {
	var sha string
	switch kind {
	case KindEvidence:
		if e, err := As[Evidence](body); err == nil {
			sha = e.SHA256
		}
	case KindDocument:
		if d, err := As[Document](body); err == nil && d.Issued != nil {
			sha = d.Issued.PDF
		}
	case KindWageRoll:
		if w, err := As[WageRoll](body); err == nil {
			sha = w.SHA256
		}
	}
	if sha == "" {
		return nil
	}
	return []string{sha}
}
