# stb as Debian packages it (libstb-dev): headers in stb/ and one compiled library.
find_path(Stb_INCLUDE_DIR stb/stb_image.h)
find_library(Stb_LIBRARY stb)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Stb REQUIRED_VARS Stb_LIBRARY Stb_INCLUDE_DIR)
if(Stb_FOUND AND NOT TARGET Stb::Stb)
  add_library(Stb::Stb UNKNOWN IMPORTED)
  set_target_properties(Stb::Stb PROPERTIES IMPORTED_LOCATION ${Stb_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${Stb_INCLUDE_DIR})
endif()
