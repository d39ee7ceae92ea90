package launcher.cli.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Reads the meaning of a configuration from the metatype that its bundle carries. */
public final class MetatypeAttributes implements PolicyAttributes {
  private final BundleContext context;
  private final MetaTypeService metatypes;

  /** The metatypes of all bundles. */
  public MetatypeAttributes(BundleContext context, MetaTypeService metatypes) {
    this.context = context;
    this.metatypes = metatypes;
  }

  @Override
  public Map<String, String> of(String id) {
    Map<String, String> meanings = new LinkedHashMap<>();
    for (Bundle bundle : context.getBundles()) {
      MetaTypeInformation information = metatypes.getMetaTypeInformation(bundle);
      if (information == null || !List.of(information.getPids()).contains(id)) {
        continue;
      }
      ObjectClassDefinition definition = information.getObjectClassDefinition(id, null);
      for (AttributeDefinition attribute :
          definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
        meanings.put(attribute.getID(), attribute.getDescription());
      }
    }
    return meanings;
  }
}
