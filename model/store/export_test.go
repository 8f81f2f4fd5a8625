package store

// ExecOnReader runs a statement on the pool that only reads.
func ExecOnReader(s *Store, query string) error {
	_, err := s.read.Exec(query)
	return explain(err)
}
