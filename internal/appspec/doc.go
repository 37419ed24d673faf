// Package appspec reads AppSpec files: it parses JSON and YAML into one tree
// with positions, checks the tree against the grammar of a compute platform,
// and explains every fault with its line, the member, the value found and the
// rule. It is pure: text in, values and problems out.
//
// The tree (tree.go, json.go, yaml.go) knows nothing of platforms. Each
// platform has its own files on top of it and of what they share (checker.go,
// hooks.go, member.go): Lambda (lambda.go) follows lambda.md 2.1 to 2.3, ECS
// (ecs.go) ecs.md 2.2 and 2.3.
package appspec

// Bounds on what is read. They protect the server; no AppSpec that means
// anything comes near them.
const (
	maxBytes    = 64 << 10 // the text, as for the content of a revision (lambda.md 2.3, M4)
	maxDepth    = 32       // nested lists and maps
	maxNodes    = maxBytes // after aliases are expanded; a text without aliases has fewer nodes than bytes
	maxProblems = 100      // told at once
	maxText     = 1024     // bytes of a label or of a hook's function, for which AWS states no bound
)
