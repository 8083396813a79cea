# The leg is built from assets/anatomy by leg-builder into the build tree; the readable tables are copied beside it,
# so that the build tree's assets folder is complete. The program finds it through pump::core::assetDirectory().
set(PUMP_ASSET_DIR ${CMAKE_BINARY_DIR}/share/second-heart/assets)

file(GLOB anatomy_tables CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/assets/anatomy/*)
foreach(table segments links height_map tube_laws compartments) # what the vessels are laid out by; the other tables do not shape the leg
  list(APPEND anatomy_tables ${CMAKE_SOURCE_DIR}/assets/network/${table}.csv)
endforeach()
set(leg_files leg.glb leg-middle.glb leg-low.glb leg.rig.json)
list(TRANSFORM leg_files PREPEND ${PUMP_ASSET_DIR}/anatomy/)
set(PUMP_LEG_FOLDER "" CACHE PATH "Folder of a built leg to take instead of building it: a sanitized builder takes many minutes")
if(PUMP_LEG_FOLDER)
  file(GLOB built_leg CONFIGURE_DEPENDS ${PUMP_LEG_FOLDER}/leg*)
  add_custom_command(
    OUTPUT ${leg_files}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PUMP_ASSET_DIR}/anatomy
    COMMAND ${CMAKE_COMMAND} -E copy ${built_leg} ${PUMP_ASSET_DIR}/anatomy
    DEPENDS ${built_leg}
    COMMENT "Taking the leg from ${PUMP_LEG_FOLDER}"
    VERBATIM)
else()
  add_custom_command(
    OUTPUT ${leg_files}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PUMP_ASSET_DIR}/anatomy
    COMMAND leg-builder ${CMAKE_SOURCE_DIR}/assets/anatomy ${PUMP_ASSET_DIR}/anatomy
    DEPENDS leg-builder ${anatomy_tables}
    COMMENT "Building the leg from assets/anatomy"
    VERBATIM)
endif()

# How its muscles give way to each other, solved with the program's own deformation: made again when the leg, the
# movements or the formula change, not for every change of the program.
set(flesh_files leg.flesh leg-middle.flesh leg-low.flesh)
list(TRANSFORM flesh_files PREPEND ${PUMP_ASSET_DIR}/anatomy/)
if(PUMP_LEG_FOLDER AND EXISTS ${PUMP_LEG_FOLDER}/leg.flesh)
  set(flesh_files) # taken with the leg
else()
  file(GLOB flesh_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/flesh/* ${CMAKE_SOURCE_DIR}/src/render/Muscle*
       ${CMAKE_SOURCE_DIR}/src/render/Correction* ${CMAKE_SOURCE_DIR}/assets/movements/*.json)
  add_custom_command(
    OUTPUT ${flesh_files}
    COMMAND leg-flesh ${PUMP_ASSET_DIR}/anatomy ${CMAKE_SOURCE_DIR}/assets
    DEPENDS ${leg_files} ${flesh_sources} ${PUMP_ASSET_DIR}/anatomy/catalogue.json
            ${CMAKE_SOURCE_DIR}/shaders/shared/deform.h ${CMAKE_SOURCE_DIR}/src/scene/Pose.cpp
            ${CMAKE_SOURCE_DIR}/src/scene/Fascicles.cpp ${CMAKE_SOURCE_DIR}/src/scene/Fascicles.h
    COMMENT "Solving how the leg's muscles give way to each other"
    VERBATIM)
endif()

# Every other table, font, translation ... keeps its place below assets/.
file(GLOB_RECURSE asset_tables CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/assets ${CMAKE_SOURCE_DIR}/assets/*)
list(FILTER asset_tables EXCLUDE REGEX "^assets\\.cmake$|^anatomy/")
list(APPEND asset_tables anatomy/catalogue.json)
if(EXISTS ${CMAKE_SOURCE_DIR}/assets/anatomy/LICENCE.md)
  list(APPEND asset_tables anatomy/LICENCE.md)
endif()
set(asset_copies)
foreach(table ${asset_tables})
  set(copy ${PUMP_ASSET_DIR}/${table})
  add_custom_command(
    OUTPUT ${copy}
    COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/assets/${table} ${copy}
    DEPENDS ${CMAKE_SOURCE_DIR}/assets/${table}
    VERBATIM)
  list(APPEND asset_copies ${copy})
endforeach()

add_custom_target(assets ALL DEPENDS ${leg_files} ${flesh_files} ${asset_copies})

# Starts the program: what the run preset builds.
if(TARGET second-heart)
  add_custom_target(run
    COMMAND second-heart
    DEPENDS second-heart assets
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    USES_TERMINAL)
endif()
