// Package synctest holds what proves the exchange: the suites every hub.Store
// and hub.Blobs must pass, worlds of laptops and a hub on disk or in memory,
// the simulator that tells stories in which everything goes wrong that can, the
// invariants checked when each has come to rest, and the mistakes planted to
// see that they are caught.
//
// A story is decided by its seed alone; a failing one prints the command that
// tells it again. The rooms in memory pass the same suites as the real ones, so
// that what holds on them says something. The package is for tests; it keeps
// nothing and decides nothing.
//
// # Beside others
//
// BenchmarkPeers… bring the same records and photos through this program and
// through the best known of their kind in one run, and compare both ends record
// by record and hash by hash after each. The others are named by the
// environment; where one is not, its benchmark is skipped:
//
//	ANXIN_POUCHDB  a node_modules folder with the npm packages pouchdb@9.0.0 and
//	               pouchdb-server@4.2.0: npm install pouchdb@9.0.0 pouchdb-server@4.2.0
//	ANXIN_TUSD     the program cmd/tusd of the Go module github.com/tus/tusd/v2
//	               v2.10.0: go mod download it, and in its folder of the module
//	               cache go build -o FILE ./cmd/tusd
//	ANXIN_RSYNC    the program of the Debian package rsync
//	ANXIN_PEER_MIB how many MiB of photos, 256 where it is not said
//
// One command does all, best on an idle machine:
//
//	ANXIN_PEER_MIB=1024 go test ./sync/synctest -run '^$' -bench Peers -benchtime 5x -timeout 2h
//
// ANXIN_CROWD=2000 go test ./sync/synctest -run '^TestCrowd$' -v -timeout 1h is
// half past five, when all laptops come home.
package synctest
