/** The commands that list what there is: policies, eras, machines, devices. */
package launcher.cli.catalogue;
