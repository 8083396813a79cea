# OpenVDB as Debian packages it (libopenvdb-dev). The find module that comes with the package fails on Debian 12, so this
# one names the library and what its headers use: Imath, TBB and the Boost headers.
find_path(OpenVDB_INCLUDE_DIR openvdb/openvdb.h)
find_library(OpenVDB_LIBRARY openvdb)
find_path(OpenVDB_BOOST_INCLUDE_DIR boost/version.hpp)
find_path(OpenVDB_IMATH_INCLUDE_DIR half.h PATH_SUFFIXES Imath)
find_library(OpenVDB_IMATH_LIBRARY NAMES Imath Imath-3_1)
find_library(OpenVDB_TBB_LIBRARY tbb)
if(OpenVDB_INCLUDE_DIR AND EXISTS ${OpenVDB_INCLUDE_DIR}/openvdb/version.h)
  file(STRINGS ${OpenVDB_INCLUDE_DIR}/openvdb/version.h version_lines
       REGEX "define OPENVDB_LIBRARY_(MAJOR|MINOR|PATCH)_VERSION_NUMBER [0-9]+")
  string(REGEX REPLACE "[^0-9;]" "" version_numbers "${version_lines}")
  string(REPLACE ";" "." OpenVDB_VERSION "${version_numbers}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenVDB
  REQUIRED_VARS OpenVDB_LIBRARY OpenVDB_INCLUDE_DIR OpenVDB_BOOST_INCLUDE_DIR OpenVDB_IMATH_LIBRARY
                OpenVDB_IMATH_INCLUDE_DIR OpenVDB_TBB_LIBRARY
  VERSION_VAR OpenVDB_VERSION)
if(OpenVDB_FOUND AND NOT TARGET OpenVDB::OpenVDB)
  add_library(OpenVDB::OpenVDB UNKNOWN IMPORTED)
  set_target_properties(OpenVDB::OpenVDB PROPERTIES IMPORTED_LOCATION ${OpenVDB_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${OpenVDB_INCLUDE_DIR};${OpenVDB_IMATH_INCLUDE_DIR};${OpenVDB_BOOST_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${OpenVDB_IMATH_LIBRARY};${OpenVDB_TBB_LIBRARY}")
endif()
