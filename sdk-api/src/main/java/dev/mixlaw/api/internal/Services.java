package dev.mixlaw.api.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the implementations of services. */
public final class Services {
  private Services() {}

  /**
   * Returns one instance of each implementation: first those that the class loader of the caller
   * finds, then those of the context class loader. In a container, libraries and application may
   * have different class loaders. If the context class loader has its own copy of Mixlaw, its
   * implementations are ignored, because they implement another copy of the service.
   *
   * @param own class loader of the caller
   * @throws ServiceConfigurationError if an implementation cannot be created
   */
  public static <S> List<S> all(Class<S> service, ClassLoader own) {
    Services.class.getModule().addUses(service);
    Map<Class<?>, S> found = new LinkedHashMap<>();
    add(service, own, found);
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null && context != own && sees(context, service)) {
      add(service, context, found);
    }
    return List.copyOf(found.values());
  }

  private static <S> void add(Class<S> service, ClassLoader loader, Map<Class<?>, S> found) {
    for (Iterator<S> all = ServiceLoader.load(service, loader).iterator(); all.hasNext(); ) {
      S one = all.next();
      found.putIfAbsent(one.getClass(), one);
    }
  }

  /** Returns whether a class loader loads the same copy of a service class. */
  private static boolean sees(ClassLoader loader, Class<?> service) {
    try {
      return loader.loadClass(service.getName()) == service;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
