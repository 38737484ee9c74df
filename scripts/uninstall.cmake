# Removes the files that install_manifest.txt of the build folder names, below DESTDIR as they were
# installed. The device database and its backups are not among them.
if(NOT EXISTS install_manifest.txt)
	message(FATAL_ERROR "nothing was installed from this build folder: it has no install_manifest.txt")
endif()
file(STRINGS install_manifest.txt files)
foreach(file ${files})
	set(file "$ENV{DESTDIR}${file}")
	if(EXISTS "${file}" OR IS_SYMLINK "${file}")
		file(REMOVE "${file}")
		message(STATUS "Removed ${file}")
	endif()
endforeach()
