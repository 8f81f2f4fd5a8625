//go:build race

package synctest

// DefaultSeeds is how many stories are told where none are asked for; the race
// detector makes each eight times as dear.
const DefaultSeeds = 250

// diskSeeds is the same for stories on disk.
const diskSeeds = 8

// cutStep is the distance between two cuts of a line, in bytes.
const cutStep = 29
