package paper

import "testing"

// BenchmarkOrder prints the order of the design's budget: its notice, a 28-row annex and the QR code.
func BenchmarkOrder(b *testing.B) {
	p, job := newPress(b), orderJob(28)
	if _, err := p.Print(job); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Print(job); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInterview prints a record of 300 questions.
func BenchmarkInterview(b *testing.B) {
	p, job := newPress(b), interviewJob(manyQuestions(300))
	if _, err := p.Print(job); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Print(job); err != nil {
			b.Fatal(err)
		}
	}
}
