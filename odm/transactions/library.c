/* The library as a whole: begun, and ended with the release of all that it holds. */
#include "catalogue/catalogue.h"
#include "storage/thread.h"
#include "transactions/changes.h"

LIBODM_API int odm_initialize(void)
{
	return 0;
}

LIBODM_API int odm_terminate(void)
{
	LIBRARY_LOCKED;
	class_free_all();
	for (struct repository *one = repository_list(); one != NULL; one = one->next)
		changes_release(one);
	repository_close_all();
	lock_release_all();
	return 0;
}
