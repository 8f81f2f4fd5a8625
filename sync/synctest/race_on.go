//go:build race

package synctest

// DefaultSeeds is how many stories are told where none are asked for; the race
// detector makes each eight times as dear.
const DefaultSeeds = 60

// diskSeeds is the same for stories on disk.
const diskSeeds = 3

// fireSeeds is the same for stories of fires.
const fireSeeds = 6

// controlSeeds is how many sound stories stand beside the planted mistakes.
const controlSeeds = 4

// cutStep is the distance between two cuts of a line, in bytes.
const cutStep = 29
