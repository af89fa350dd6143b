"""The front door: HTTP, people, catalogue, visits, papers, cases, ratings and what supervisors watch."""
