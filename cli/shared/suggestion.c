/* Which known word was probably meant: by letters too many, missing, wrong or exchanged. */
#include "suggestion.h"

#include <stdbool.h>
#include <string.h>

/* Longer words are no mistyped ones. */
#define LONGEST 23

static int smaller(int one, int other)
{
	return one < other ? one : other;
}

/* How many letters have to be put in, taken out, replaced, or exchanged with the next one. */
static int distance_between(const char *one, const char *other)
{
	int costs[LONGEST + 1][LONGEST + 1];
	int rows = (int)strlen(one), columns = (int)strlen(other);

	for (int row = 0; row <= rows; row++)
		for (int column = 0; column <= columns; column++) {
			if (row == 0 || column == 0) {
				costs[row][column] = row + column;
				continue;
			}
			bool same = one[row - 1] == other[column - 1];
			int cost = costs[row - 1][column - 1] + !same;
			cost = smaller(cost, costs[row - 1][column] + 1);
			cost = smaller(cost, costs[row][column - 1] + 1);
			if (row > 1 && column > 1 && one[row - 1] == other[column - 2] &&
				one[row - 2] == other[column - 1])
				cost = smaller(cost, costs[row - 2][column - 2] + 1);
			costs[row][column] = cost;
		}
	return costs[rows][columns];
}

void suggestion_consider(struct suggestion *suggestion, const char *known)
{
	size_t length = strlen(suggestion->word);

	if (length == 0 || length > LONGEST || strlen(known) > LONGEST)
		return;
	/* The start of a long word is meant for it; of a short one only a letter may be wrong. */
	bool begins = length >= 3 && strncmp(suggestion->word, known, length) == 0;
	int distance = begins ? 1 : distance_between(suggestion->word, known);
	if (distance > (length > 5 ? 2 : 1) || distance >= (int)length)
		return;
	if (suggestion->nearest == NULL || distance < suggestion->distance) {
		suggestion->nearest = known;
		suggestion->distance = distance;
	}
}
