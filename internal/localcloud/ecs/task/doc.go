// Package task runs the tasks of the local ECS: what a container instance or Fargate does on AWS.
//
// A Launcher starts a task from its Spec, says how it is, and stops it. It keeps no desired counts, restarts nothing and
// knows no target groups: that is the scheduler's work, in the room above. There are two launchers. Containers talks to
// an engine that speaks the Docker API, which Docker and Podman do; Processes runs the command of every container as a
// process group on this machine, for computers that have no engine.
//
// Tasks belong to nobody's life but their own. A launcher that is killed leaves them running, and the next one with the
// same Options.Dir and Options.Instance finds them (Find), watches them and can stop them. Close therefore stops nothing:
// who wants to end with all tasks stopped stops them first.
package task
