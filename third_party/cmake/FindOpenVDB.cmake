# OpenVDB as Debian packages it (libopenvdb-dev). The find module of the package itself fails on Debian 12 (it asks for
# static Boost and an unpackaged Imath helper), so this one names the library and what its headers use: Imath, TBB, Boost.
find_path(OpenVDB_INCLUDE_DIR openvdb/openvdb.h)
find_library(OpenVDB_LIBRARY openvdb)
find_path(OpenVDB_BOOST_INCLUDE_DIR boost/version.hpp)
find_package(Imath CONFIG QUIET)
find_package(TBB CONFIG QUIET)
if(OpenVDB_INCLUDE_DIR AND EXISTS ${OpenVDB_INCLUDE_DIR}/openvdb/version.h)
  file(STRINGS ${OpenVDB_INCLUDE_DIR}/openvdb/version.h version_lines
       REGEX "define OPENVDB_LIBRARY_(MAJOR|MINOR|PATCH)_VERSION_NUMBER [0-9]+")
  string(REGEX REPLACE "[^0-9;]" "" version_numbers "${version_lines}")
  string(REPLACE ";" "." OpenVDB_VERSION "${version_numbers}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenVDB
  REQUIRED_VARS OpenVDB_LIBRARY OpenVDB_INCLUDE_DIR OpenVDB_BOOST_INCLUDE_DIR Imath_FOUND TBB_FOUND
  VERSION_VAR OpenVDB_VERSION)
if(OpenVDB_FOUND AND NOT TARGET OpenVDB::OpenVDB)
  add_library(OpenVDB::OpenVDB UNKNOWN IMPORTED)
  set_target_properties(OpenVDB::OpenVDB PROPERTIES IMPORTED_LOCATION ${OpenVDB_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${OpenVDB_INCLUDE_DIR};${OpenVDB_BOOST_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "Imath::Imath;TBB::tbb")
endif()
